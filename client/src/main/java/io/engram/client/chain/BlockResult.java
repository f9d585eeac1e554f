package io.engram.client.chain;

import io.engram.evm.state.StateChanges;
import io.engram.genesis.Hash;
import io.engram.genesis.block.Receipt;
import io.engram.genesis.block.Requests;
import io.engram.inference.commitment.InferenceOutput;
import io.engram.inference.commitment.InferenceReceipt;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/**
 * What executing a block's transactions gave.
 *
 * @param outputs of those inferences; none when they are too large to be kept
 * @param inferenceSteps of those inferences, as far as this node computed them
 * @param gasUsed by all transactions
 * @param blobGasUsed by all transactions; 0 before Cancun
 * @param requests present from Prague on (EIP-7685): type byte and data of each, also of those without data
 */
public record BlockResult(
        StateChanges changes,
        List<Receipt> receipts,
        List<InferenceReceipt> inferences,
        List<InferenceOutput> outputs,
        long inferenceSteps,
        long gasUsed,
        long blobGasUsed,
        Optional<List<Bytes>> requests) {
    public BlockResult {
        receipts = List.copyOf(receipts);
        inferences = List.copyOf(inferences);
        outputs = List.copyOf(outputs);
        requests = requests.map(List::copyOf);
    }

    /** What the header commits to; present from Prague on. */
    public Optional<Hash> requestsHash() {
        return requests.map(Requests::hash);
    }
}
