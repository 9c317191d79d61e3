"""The loyalty API's wire, sans I/O: values, their canonical bytes, problems, seals and permits byte for byte."""
