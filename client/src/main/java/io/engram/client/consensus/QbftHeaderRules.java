package io.engram.client.consensus;

import io.engram.genesis.Hash;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.qbft.Qbft;
import io.engram.genesis.qbft.QbftExtraData;
import io.engram.genesis.qbft.QbftExtraDataCodec;
import io.engram.genesis.qbft.QbftHasher;
import io.engram.genesis.rlp.RlpException;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/** What QBFT asks of a header beyond the rules of every chain. Stateless. */
public final class QbftHeaderRules {

    private static final Bytes NONCE = Bytes.wrap(new byte[BlockHeader.NONCE_SIZE]);

    private QbftHeaderRules() {}

    /**
     * Why the header is invalid; empty when it is not.
     *
     * @param validators in force at this height
     * @param periodSeconds least distance to the parent in time
     */
    public static Optional<String> check(
            BlockHeader header, BlockHeader parent, ValidatorSet validators, long periodSeconds) {
        if (!header.difficulty().equals(Qbft.DIFFICULTY)) {
            return mismatch("difficulty", header.difficulty().toBigInteger(), 1);
        }
        if (!header.mixHash().equals(Qbft.MIX_HASH)) {
            return mismatch("mix hash", header.mixHash(), Qbft.MIX_HASH);
        }
        if (!header.nonce().equals(NONCE)) {
            return mismatch("nonce", header.nonce(), NONCE);
        }
        if (!header.ommersHash().equals(Hash.EMPTY_LIST)) {
            return mismatch("ommers hash", header.ommersHash(), Hash.EMPTY_LIST);
        }
        if (header.timestamp() < parent.timestamp() + periodSeconds) {
            return Optional.of("timestamp is " + header.timestamp() + ", expected at least "
                    + (parent.timestamp() + periodSeconds) + ": the parent's " + parent.timestamp()
                    + " and a block period of " + periodSeconds + " s");
        }
        if (!validators.contains(header.coinbase())) {
            return Optional.of("coinbase is " + header.coinbase() + ", not one of the validators " + validators);
        }
        QbftExtraData extra;
        Hash digest;
        try {
            extra = QbftExtraDataCodec.decode(header.extraData());
            digest = QbftHasher.sealHash(header);
        } catch (RlpException e) {
            return Optional.of("extra data is not that of QBFT: " + e.getMessage());
        }
        if (!extra.validators().equals(validators.addresses())) {
            return mismatch("validator list", extra.validators(), validators);
        }
        if (extra.vote().isPresent()) {
            return Optional.of("a vote on " + extra.vote().get().candidate() + ", and votes are not counted yet");
        }
        return CommittedSeals.check(digest, extra.seals(), validators);
    }

    private static Optional<String> mismatch(String what, Object actual, Object expected) {
        return Optional.of(what + " is " + actual + ", expected " + expected);
    }
}
