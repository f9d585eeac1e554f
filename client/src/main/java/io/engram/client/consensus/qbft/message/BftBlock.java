package io.engram.client.consensus.qbft.message;

import io.engram.genesis.Hash;
import io.engram.genesis.block.Block;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.qbft.QbftExtraData;
import io.engram.genesis.qbft.QbftExtraDataCodec;
import io.engram.genesis.qbft.QbftHasher;
import io.engram.genesis.rlp.RlpException;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;

/**
 * A block with its QBFT extra data read. Immutable.
 *
 * @param hash on the chain: the same in every round
 * @param digest what prepares and commits name and committed seals sign: another one in each round
 */
public record BftBlock(Block block, QbftExtraData extra, Hash hash, Hash digest) {

    /** @throws RlpException when the extra data is not that of QBFT */
    public static BftBlock of(Block block) throws RlpException {
        QbftExtraData extra = QbftExtraDataCodec.decode(block.header().extraData());
        return of(block, extra);
    }

    private static BftBlock of(Block block, QbftExtraData extra) {
        BlockHeader header = block.header();
        try {
            return new BftBlock(block, extra, QbftHasher.INSTANCE.hash(header), QbftHasher.sealHash(header));
        } catch (RlpException e) {
            throw new IllegalArgumentException("block " + header.number() + " has no QBFT extra data", e);
        }
    }

    public BlockHeader header() {
        return block.header();
    }

    public int round() {
        return extra.round();
    }

    /** The same block as another round proposes it: round replaced, proposer kept. */
    public BftBlock withRound(int round) {
        return round == extra.round() && extra.seals().isEmpty() ? this : with(round, List.of());
    }

    /** The block as it enters the chain. */
    public Block sealed(List<Bytes> seals) {
        return with(extra.round(), seals).block();
    }

    private BftBlock with(int round, List<Bytes> seals) {
        QbftExtraData changed = new QbftExtraData(extra.vanity(), extra.validators(), extra.vote(), round, seals);
        return of(new Block(block.header().withExtraData(QbftExtraDataCodec.encode(changed)), block.body()), changed);
    }
}
