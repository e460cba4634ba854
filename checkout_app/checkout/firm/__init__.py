"""The part of checkout that says for which firm it is, where it is for one."""
