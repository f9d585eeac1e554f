package io.engram.client.consensus;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.block.Block;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.crypto.Signature;
import io.engram.genesis.qbft.QbftExtraData;
import io.engram.genesis.qbft.QbftExtraDataCodec;
import io.engram.genesis.qbft.QbftHasher;
import io.engram.genesis.rlp.RlpException;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;

/** Puts this node's committed seal on blocks of a chain on which it alone is a quorum. */
public final class BlockSealer {

    private final BlockSigner signer;

    public BlockSealer(BlockSigner signer) {
        this.signer = signer;
    }

    public Address address() {
        return signer.address();
    }

    /**
     * The block with a committed seal over its seal hash; its block hash stays what it was.
     *
     * @throws IllegalStateException unless this node's own seal decides
     */
    public Block seal(Block block, ValidatorSet validators) {
        if (!validators.contains(signer.address()) || validators.quorum() > 1) {
            throw new IllegalStateException(signer.address() + " cannot decide alone: validators " + validators
                    + ", quorum " + validators.quorum());
        }
        BlockHeader header = block.header();
        try {
            Bytes seal = committedSeal(QbftHasher.sealHash(header));
            QbftExtraData extra = QbftExtraDataCodec.decode(header.extraData());
            QbftExtraData sealed =
                    new QbftExtraData(extra.vanity(), extra.validators(), extra.vote(), extra.round(), List.of(seal));
            return new Block(header.withExtraData(QbftExtraDataCodec.encode(sealed)), block.body());
        } catch (RlpException e) {
            throw new IllegalArgumentException("the block to seal has no QBFT extra data", e);
        }
    }

    /** r, s and the recovery bit, 65 bytes. */
    private Bytes committedSeal(Hash digest) {
        Signature signature = signer.sign(digest);
        return Bytes.concatenate(signature.r().toBytes(), signature.s().toBytes(), Bytes.of(signature.yParity()));
    }
}
