package io.engram.client.consensus.qbft;

import io.engram.client.consensus.qbft.message.BftBlock;
import io.engram.client.consensus.qbft.message.Payload.PreparePayload;
import io.engram.client.consensus.qbft.message.Payload.Prepared;
import io.engram.client.consensus.qbft.message.Signed;
import java.util.List;

/**
 * Proof that a quorum prepared a block.
 *
 * @param block with the round in which it was prepared
 * @param prepares a quorum, of distinct validators
 */
public record PreparedCertificate(BftBlock block, List<Signed<PreparePayload>> prepares) {
    public PreparedCertificate {
        prepares = List.copyOf(prepares);
    }

    public long height() {
        return block.header().number();
    }

    public int round() {
        return block.round();
    }

    Prepared metadata() {
        return new Prepared(round(), block.digest());
    }
}
