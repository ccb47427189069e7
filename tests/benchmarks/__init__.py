"""Measurements, each run by one command; the figures stand in the README."""
