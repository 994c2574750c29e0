"""Operations and parameters of AAF that the library does not bring, by the standard's numbers."""

from aaf2.auid import AUID

GAIN, DISSOLVE = "Audio Gain", "Audio Dissolve"
AMPLITUDE, LEVEL, LINEAR = "Amplitude", "Level", "LinearInterp"

_OPERATIONS = {  # number, inputs, parameter
    GAIN: ("9d2ea894-0968-11d3-8a38-0050040ef7d2", 1, AMPLITUDE),
    DISSOLVE: ("0c3bea41-fc05-11d2-8a29-0050040ef7d2", 2, LEVEL),
}
_PARAMETERS = {
    AMPLITUDE: "e4962321-2267-11d3-8a4c-0050040ef7d2",
    LEVEL: "e4962320-2267-11d3-8a4c-0050040ef7d2",
}
_LINEAR = "5b6c85a4-0ede-11d3-80a9-006008143e6f"


def define(file) -> None:
    """Add them to the dictionary of a file that is open for writing."""
    dictionary = file.dictionary
    dictionary.register_def(file.create.InterpolationDef(AUID(_LINEAR), LINEAR, ""))
    for name, number in _PARAMETERS.items():
        dictionary.register_def(file.create.ParameterDef(AUID(number), name, "", "Rational"))
    for name, (number, inputs, parameter) in _OPERATIONS.items():
        operation = file.create.OperationDef(AUID(number), name, "")
        operation.media_kind = "sound"
        operation["IsTimeWarp"].value = False
        operation["Bypass"].value = 0
        operation["NumberInputs"].value = inputs
        operation["OperationCategory"].value = "OperationCategory_Effect"
        operation["ParametersDefined"].append(dictionary.lookup_parameterdef(parameter))
        dictionary.register_def(operation)
