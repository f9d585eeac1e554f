package io.engram.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.engram.inference.commitment.InferenceOutput;
import io.engram.inference.commitment.InferenceReceipt;
import io.engram.inference.commitment.StepLeaf;

/** Bytes as what peers send of inferences: receipts, steps and outputs come back as they were, or are none. */
class InferenceRecordFuzzTest {

    @FuzzTest(maxDuration = "2m")
    void records_come_back_as_they_were(byte[] input) {
        InferenceReceipt.ofBytes(input)
                .ifPresent(receipt -> assertThat(receipt.toBytes()).isEqualTo(input));
        StepLeaf.ofBytes(input).ifPresent(step -> assertThat(step.toBytes()).isEqualTo(input));
        InferenceOutput.ofBytes(input).ifPresent(output -> {
            assertThat(output.toBytes()).isEqualTo(input);
            output.root().ifPresent(root -> assertThat(output.data()).hasSizeBetween(1, input.length));
        });
    }
}
