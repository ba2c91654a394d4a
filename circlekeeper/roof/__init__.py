"""The roof as a Django app: when everything is loaded it puts the guard on connections and wires the rooms together."""
