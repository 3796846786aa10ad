"""A switch in virtual time, with simulated phones and carriers (design §6).

It ships: `centrale explain` and the scenario tests run the same kinds on it as on Asterisk. The contract tests keep it
honest.
"""

from centrale.telephony.simulated.phone import SimulatedCall, SimulatedCarrier, SimulatedPhone
from centrale.telephony.simulated.switch import SimulatedSwitch

__all__ = ["SimulatedCall", "SimulatedCarrier", "SimulatedPhone", "SimulatedSwitch"]
