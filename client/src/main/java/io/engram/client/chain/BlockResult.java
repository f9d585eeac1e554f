package io.engram.client.chain;

import io.engram.evm.state.StateChanges;
import io.engram.genesis.Hash;
import io.engram.genesis.block.Receipt;
import io.engram.inference.commitment.InferenceReceipt;
import java.util.List;
import java.util.Optional;

/**
 * What executing a block's transactions gave.
 *
 * @param gasUsed by all transactions
 * @param blobGasUsed by all transactions; 0 before Cancun
 * @param requestsHash present from Prague on (EIP-7685)
 */
public record BlockResult(
        StateChanges changes,
        List<Receipt> receipts,
        List<InferenceReceipt> inferences,
        long gasUsed,
        long blobGasUsed,
        Optional<Hash> requestsHash) {
    public BlockResult {
        receipts = List.copyOf(receipts);
        inferences = List.copyOf(inferences);
    }
}
