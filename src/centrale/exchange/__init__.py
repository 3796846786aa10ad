"""The exchange: takes every call that arrives and leads it through services, kinds and the outside."""
