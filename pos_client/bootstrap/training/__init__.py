"""The till on an invented station, to practise on: marked everywhere, with books no real till opens."""
