"""Checks ONNX files as strictly as the onnx package can, and prints as JSON what it sees in each."""

import json
import sys

import onnx


def value(info):
    tensor = info.type.tensor_type
    shape = [d.dim_param or d.dim_value for d in tensor.shape.dim]
    return {"name": info.name, "type": tensor.elem_type, "shape": shape}


def seen(path):
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    inferred = onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
    known = {info.name for info in list(inferred.graph.value_info) + list(inferred.graph.output)}
    made = [name for node in inferred.graph.node for name in node.output]
    return {
        "ir": model.ir_version,
        "opset": [[entry.domain, entry.version] for entry in model.opset_import],
        "producer": model.producer_name,
        "metadata": {entry.key: entry.value for entry in model.metadata_props},
        "inputs": [value(info) for info in model.graph.input],
        "outputs": [value(info) for info in inferred.graph.output],
        "operators": sorted({node.op_type for node in model.graph.node}),
        "unknown": [name for name in made if name not in known],
    }


print(json.dumps([seen(path) for path in sys.argv[1:]]))
