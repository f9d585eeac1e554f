package io.engram.client.divergence;

import io.engram.genesis.Hash;
import io.engram.inference.commitment.Commitments;
import io.engram.inference.commitment.InferenceReceipt;
import io.engram.inference.commitment.InferenceRoot;
import io.engram.inference.commitment.StepLeaf;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.apache.tuweni.bytes.Bytes;

/** Traces that others sent, held against their roots, and compared. */
public final class StepLists {

    private StepLists() {}

    /** The receipts, if they are what this root commits to. */
    public static Optional<List<InferenceReceipt>> receipts(List<Bytes> items, Hash inferenceRoot) {
        return decoded(items, InferenceReceipt::ofBytes)
                .filter(receipts -> InferenceRoot.of(receipts).equals(inferenceRoot));
    }

    /** The steps, if they are what this root commits to. */
    static Optional<List<StepLeaf>> steps(List<Bytes> items, Hash stepsRoot) {
        return decoded(items, StepLeaf::ofBytes)
                .filter(steps ->
                        !steps.isEmpty() && Commitments.stepsRoot(steps).equals(stepsRoot));
    }

    private static <T> Optional<List<T>> decoded(List<Bytes> items, Function<byte[], Optional<T>> decoder) {
        List<T> values = new ArrayList<>(items.size());
        for (Bytes item : items) {
            Optional<T> value = decoder.apply(item.toArray());
            if (value.isEmpty()) {
                return Optional.empty();
            }
            values.add(value.get());
        }
        return Optional.of(List.copyOf(values));
    }

    /** The first place where the lists differ; empty when they are the same. */
    static <T> OptionalInt firstDifference(List<T> left, List<T> right) {
        int common = Math.min(left.size(), right.size());
        for (int i = 0; i < common; i++) {
            if (!left.get(i).equals(right.get(i))) {
                return OptionalInt.of(i);
            }
        }
        return left.size() == right.size() ? OptionalInt.empty() : OptionalInt.of(common);
    }
}
