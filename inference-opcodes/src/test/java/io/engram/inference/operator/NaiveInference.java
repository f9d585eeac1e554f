package io.engram.inference.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.genesis.Hash;
import io.engram.inference.MalformedModelException;
import io.engram.inference.SlowCommitments;
import io.engram.inference.commitment.InferenceForm;
import io.engram.inference.commitment.TensorForm;
import io.engram.inference.engine.Inference;
import io.engram.inference.model.Graph;
import io.engram.inference.model.Model;
import io.engram.inference.model.ModelWriter;
import io.engram.inference.model.Node;
import io.engram.inference.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** A whole inference by {@link NaiveOperators} and {@link SlowCommitments}. */
final class NaiveInference {

    private NaiveInference() {}

    static Inference of(Model model, Graph graph, List<Tensor> inputs) {
        byte[] file;
        try {
            file = ModelWriter.write(graph);
        } catch (MalformedModelException e) {
            throw new AssertionError(e);
        }
        byte[] modelId = SlowCommitments.modelId(file);
        assertThat(model.id().toArray()).isEqualTo(modelId);
        List<Tensor> values = new ArrayList<>(inputs);
        values.addAll(graph.constants());
        List<byte[]> leaves = new ArrayList<>();
        for (Node node : graph.nodes()) {
            List<Tensor> operands = node.inputs().stream().map(values::get).toList();
            Tensor result = new NaiveOperators().run(node.operator(), operands);
            values.add(result);
            int index = leaves.size();
            leaves.add(SlowCommitments.bytes(out -> {
                out.write(SlowCommitments.tag("engram.step"));
                out.write(modelId);
                out.writeInt(index);
                out.writeInt(node.operator().code());
                out.write(SlowCommitments.sha256(attributes -> {
                    for (int attribute : node.operator().attributes()) {
                        attributes.writeInt(attribute);
                    }
                }));
                out.writeInt(operands.size());
                for (Tensor operand : operands) {
                    out.write(SlowCommitments.tensorRoot(operand));
                }
                out.writeInt(1);
                out.write(SlowCommitments.tensorRoot(result));
            }));
        }
        List<Tensor> outputs = graph.outputs().stream()
                .map(output -> values.get(output.value()))
                .toList();
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        outputs.forEach(tensor -> output.writeBytes(tensor.data()));
        return new Inference(
                new InferenceForm(forms(inputs), forms(outputs)),
                output.toByteArray(),
                Hash.of(SlowCommitments.valuesRoot(inputs)),
                Hash.of(SlowCommitments.valuesRoot(outputs)),
                Hash.of(SlowCommitments.root("engram.steps", leaves.size(), leaves)),
                leaves.size());
    }

    private static List<TensorForm> forms(List<Tensor> tensors) {
        return tensors.stream()
                .map(tensor -> new TensorForm(tensor.type(), tensor.shape()))
                .toList();
    }
}
