"""The published contract: an OpenAPI document made of the endpoint table, the messages and the table of problems."""
