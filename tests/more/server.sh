#!/usr/bin/env bash
exec python3 -m unittest discover -s tests/server -p 'test_*.py'
