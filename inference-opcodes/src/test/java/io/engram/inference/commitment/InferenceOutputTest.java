package io.engram.inference.commitment;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.genesis.Hash;
import io.engram.inference.Seeds;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.Tensor;
import io.engram.inference.tensor.TensorType;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Forms and bytes against the roots of the tensors that they stand for. */
class InferenceOutputTest {

    private static Tensor tensor(RandomGenerator random) {
        TensorType type = TensorType.ofCode(1 + random.nextInt(3)).orElseThrow();
        int[] dimensions = new int[1 + random.nextInt(Shape.MAX_RANK)];
        for (int i = 0; i < dimensions.length; i++) {
            dimensions[i] = 1 + random.nextInt(5);
        }
        Tensor tensor = Tensor.zeros(type, Shape.of(dimensions));
        for (int i = 0; i < tensor.shape().elements(); i++) {
            tensor.set(i, random.nextInt(type.min(), type.max()));
        }
        return tensor;
    }

    private static List<Tensor> tensors(RandomGenerator random) {
        List<Tensor> tensors = new ArrayList<>();
        for (int i = 1 + random.nextInt(8); i > 0; i--) {
            tensors.add(tensor(random));
        }
        return tensors;
    }

    private static List<TensorForm> forms(List<Tensor> tensors) {
        return tensors.stream()
                .map(tensor -> new TensorForm(tensor.type(), tensor.shape()))
                .toList();
    }

    private static byte[] bytes(List<Tensor> tensors) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        tensors.forEach(tensor -> out.writeBytes(tensor.data()));
        return out.toByteArray();
    }

    private static Optional<Hash> root(List<Tensor> tensors) {
        return Optional.of(Commitments.valuesRoot(
                tensors.stream().map(Commitments::tensorRoot).toList()));
    }

    @Test
    void rootsAreThoseOfTheTensors() {
        Seeds.each(200, random -> {
            List<Tensor> inputs = tensors(random);
            List<Tensor> outputs = tensors(random);
            InferenceForm form = new InferenceForm(forms(inputs), forms(outputs));
            InferenceOutput output = new InferenceOutput(form, bytes(outputs));
            assertThat(form.inputRoot(bytes(inputs))).isEqualTo(root(inputs));
            assertThat(output.root()).isEqualTo(root(outputs));
            assertThat(new InferenceOutput(form, new byte[output.data().length + 1]).root())
                    .isEmpty();
        });
    }

    @Test
    void bytesComeBackAndNoOtherBytesDo() {
        Seeds.each(300, random -> {
            List<Tensor> outputs = tensors(random);
            InferenceOutput output =
                    new InferenceOutput(new InferenceForm(forms(tensors(random)), forms(outputs)), bytes(outputs));
            byte[] encoded = output.toBytes();
            assertThat(encoded).hasSize(output.encodedSize());
            assertThat(InferenceOutput.ofBytes(encoded).orElseThrow())
                    .usingRecursiveComparison()
                    .isEqualTo(output);
            byte[] changed = encoded.clone();
            changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
            InferenceOutput.ofBytes(changed)
                    .ifPresent(other -> assertThat(other.toBytes()).isEqualTo(changed));
        });
    }
}
