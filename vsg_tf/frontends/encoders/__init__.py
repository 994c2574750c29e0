"""Front ends from anyone's visual network: pictures, or short stacks of them, in; vectors out.

`settings` is what all of them have in common, `extraction` how pictures become features;
`onnx_file` runs an ONNX file and `keras_hub` an encoder of KerasHub.
"""
