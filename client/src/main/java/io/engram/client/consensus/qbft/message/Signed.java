package io.engram.client.consensus.qbft.message;

import io.engram.genesis.Address;
import io.engram.genesis.crypto.Signature;
import org.apache.tuweni.bytes.Bytes;

/**
 * A payload with its signature.
 *
 * @param encoded the payload's RLP as its author wrote it; kept, so that it is passed on in the author's shape
 * @param author recovered from the signature
 */
public record Signed<P extends Payload>(P payload, Bytes encoded, Signature signature, Address author) {

    public ConsensusRound at() {
        return payload.at();
    }
}
