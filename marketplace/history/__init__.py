"""The audit log as people and their programs read it: in sentences, each party its own part, and as news."""
