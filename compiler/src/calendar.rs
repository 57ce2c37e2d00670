//! Civil dates in a fixed zone.
