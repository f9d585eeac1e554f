package io.engram.client.light;

import io.engram.client.consensus.QbftHeaders;
import io.engram.client.consensus.SignatureCodec;
import io.engram.client.consensus.SigningKey;
import io.engram.client.consensus.ValidatorSet;
import io.engram.genesis.Hash;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.qbft.QbftExtraData;
import io.engram.genesis.qbft.QbftExtraDataCodec;
import io.engram.genesis.qbft.QbftHasher;
import io.engram.genesis.rlp.RlpException;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/** Headers with an inference root and seals, of no real block. */
final class SealedHeaders {

    private SealedHeaders() {}

    static BlockHeader of(long number, Hash vanity, List<SigningKey> validators, List<SigningKey> sealers) {
        ValidatorSet set =
                new ValidatorSet(validators.stream().map(SigningKey::address).toList());
        BlockHeader plain =
                QbftHeaders.header(number, 1_000 + number, set.addresses().getFirst(), set);
        BlockHeader unsealed = with(plain, vanity, set, List.of());
        try {
            Hash digest = QbftHasher.sealHash(unsealed);
            List<Bytes> seals = sealers.stream()
                    .map(key -> SignatureCodec.encode(key.sign(digest)))
                    .toList();
            return with(plain, vanity, set, seals);
        } catch (RlpException e) {
            throw new AssertionError(e);
        }
    }

    private static BlockHeader with(BlockHeader header, Hash vanity, ValidatorSet set, List<Bytes> seals) {
        return header.withExtraData(QbftExtraDataCodec.encode(
                new QbftExtraData(vanity, set.addresses(), Optional.empty(), header.number() == 0 ? 0 : 1, seals)));
    }
}
