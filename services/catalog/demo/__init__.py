"""A programme to try Plats with, dated from today: an example, not any library's real programme.

``python -m services.catalog.demo`` adds what is missing of the coming six weeks; run again, also on another day, it
repeats nothing. Names, districts, stops and coordinates of branches are the installation's and come with its
migrations; opening hours and closures are here, because a library's own are not known: wrong ones would send
people to a locked door.
"""
