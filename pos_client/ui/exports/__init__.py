"""What leaves the program as a file: sheets and plots of a page, the same keys everywhere."""
