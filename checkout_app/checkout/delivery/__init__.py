"""The part of checkout that says where the parcel goes."""
