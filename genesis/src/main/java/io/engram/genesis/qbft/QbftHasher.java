package io.engram.genesis.qbft;

import io.engram.genesis.Hash;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.block.HeaderHasher;
import io.engram.genesis.rlp.RlpException;
import java.util.List;

/**
 * The hashes of a QBFT header, as Besu computes them. The on-chain hash covers neither round nor seals, so that it is
 * the same whichever round decided and whichever seals a node collected; the seal hash covers the round.
 */
public final class QbftHasher implements HeaderHasher {

    public static final QbftHasher INSTANCE = new QbftHasher();

    private QbftHasher() {}

    /**
     * The on-chain hash. Block 0 is hashed as it is, and so is a header whose extra data is not QBFT's: such a header
     * is invalid by every rule, and its hash serves only to name it.
     */
    @Override
    public Hash hash(BlockHeader header) {
        if (header.number() == 0) {
            return KECCAK.hash(header);
        }
        try {
            QbftExtraData data = QbftExtraDataCodec.decode(header.extraData());
            return hash(header, data, 0);
        } catch (RlpException e) {
            return KECCAK.hash(header);
        }
    }

    /** What committers sign, and the digest of prepares and commits. */
    public static Hash sealHash(BlockHeader header) throws RlpException {
        QbftExtraData data = QbftExtraDataCodec.decode(header.extraData());
        return hash(header, data, data.round());
    }

    private static Hash hash(BlockHeader header, QbftExtraData data, int round) {
        QbftExtraData hashed = new QbftExtraData(data.vanity(), data.validators(), data.vote(), round, List.of());
        return KECCAK.hash(header.withExtraData(QbftExtraDataCodec.encode(hashed)));
    }
}
