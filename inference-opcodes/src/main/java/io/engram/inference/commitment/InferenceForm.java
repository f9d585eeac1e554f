package io.engram.inference.commitment;

import io.engram.genesis.Hash;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the roots of an inference cover beside the values: the forms of all inputs and all outputs, in graph order. */
public record InferenceForm(List<TensorForm> inputs, List<TensorForm> outputs) {

    /** Inputs, and outputs, that a model may have. */
    private static final int MAX_TENSORS = 8;

    public InferenceForm {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /** The root over the inputs, given as call data; empty when that has another length. */
    public Optional<Hash> inputRoot(byte[] sample) {
        return root(inputs, sample);
    }

    /** The root over the outputs, given as return data; empty when that has another length. */
    public Optional<Hash> outputRoot(byte[] output) {
        return root(outputs, output);
    }

    private static Optional<Hash> root(List<TensorForm> forms, byte[] data) {
        if (bytes(forms) != data.length) {
            return Optional.empty();
        }
        List<Hash> roots = new ArrayList<>(forms.size());
        int offset = 0;
        for (TensorForm form : forms) {
            roots.add(form.root(data, offset));
            offset += (int) form.bytes();
        }
        return Optional.of(Commitments.valuesRoot(roots));
    }

    private static long bytes(List<TensorForm> forms) {
        return forms.stream().mapToLong(TensorForm::bytes).sum();
    }

    int encodedSize() {
        return 2
                + inputs.stream().mapToInt(TensorForm::encodedSize).sum()
                + outputs.stream().mapToInt(TensorForm::encodedSize).sum();
    }

    void write(ByteBuffer out) {
        out.put((byte) inputs.size()).put((byte) outputs.size());
        inputs.forEach(form -> form.write(out));
        outputs.forEach(form -> form.write(out));
    }

    /** Empty for bytes that {@link #write} never gives. */
    static Optional<InferenceForm> read(ByteBuffer in) {
        if (in.remaining() < 2) {
            return Optional.empty();
        }
        int inputs = in.get();
        int outputs = in.get();
        if (inputs < 1 || inputs > MAX_TENSORS || outputs < 1 || outputs > MAX_TENSORS) {
            return Optional.empty();
        }
        List<TensorForm> forms = new ArrayList<>(inputs + outputs);
        for (int i = 0; i < inputs + outputs; i++) {
            Optional<TensorForm> form = TensorForm.read(in);
            if (form.isEmpty()) {
                return Optional.empty();
            }
            forms.add(form.get());
        }
        return Optional.of(new InferenceForm(forms.subList(0, inputs), forms.subList(inputs, forms.size())));
    }
}
