"""What is done, each in one transaction of its caller: state and events together."""
