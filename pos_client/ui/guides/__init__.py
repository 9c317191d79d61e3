"""The three guides for customers (A35): individual, organisation, driver."""
