"""check.py FILE.onnx...: checks each model by ONNX's own checker and shape
inference, and prints as JSON what it says of itself, one line a model."""

import json
import sys

import onnx


def sides(value):
    return [d.dim_param or d.dim_value for d in value.type.tensor_type.shape.dim]


for name in sys.argv[1:]:
    model = onnx.load(name)
    onnx.checker.check_model(model, full_check=True)
    inferred = onnx.shape_inference.infer_shapes(model, strict_mode=True)
    print(json.dumps({
        "name": model.graph.name,
        "ir": model.ir_version,
        "opset": [[o.domain, o.version] for o in model.opset_import],
        "inputs": {v.name: sides(v) for v in model.graph.input},
        "outputs": {v.name: sides(v) for v in inferred.graph.output},
        "ops": [n.op_type for n in model.graph.node],
        "meta": {p.key: p.value for p in model.metadata_props},
    }))
