package io.engram.client.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.engram.genesis.Address;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.qbft.QbftExtraData;
import io.engram.genesis.qbft.QbftExtraDataCodec;
import io.engram.genesis.rlp.RlpException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

class QbftHeaderRulesTest {

    private static final SigningKey KEY = SigningKey.of(1);
    private static final ValidatorSet ALONE = new ValidatorSet(List.of(KEY.address()));
    private static final BlockHeader PARENT = QbftHeaders.header(1, 100, KEY.address(), ALONE);

    private static BlockHeader sealed(BlockHeader header) {
        return new BlockSealer(KEY).seal(QbftHeaders.block(header), ALONE).header();
    }

    private static Optional<String> check(BlockHeader header) {
        return QbftHeaderRules.check(
                header, PARENT, new QbftHeaderRules.Expected(ALONE, false, 2), new RecoveredSignatures());
    }

    private static BlockHeader withSeals(BlockHeader header, List<Bytes> seals) throws RlpException {
        QbftExtraData extra = QbftExtraDataCodec.decode(header.extraData());
        return header.withExtraData(QbftExtraDataCodec.encode(
                new QbftExtraData(extra.vanity(), extra.validators(), extra.vote(), extra.round(), seals)));
    }

    private static Bytes seal(BlockHeader header) throws RlpException {
        return QbftExtraDataCodec.decode(header.extraData()).seals().getFirst();
    }

    @Test
    void aSealedHeaderIsValid() {
        assertThat(check(sealed(QbftHeaders.header(2, 102, KEY.address(), ALONE))))
                .isEmpty();
    }

    @Test
    void aHeaderWithoutSealsIsNot() {
        assertThat(check(QbftHeaders.header(2, 102, KEY.address(), ALONE)))
                .hasValue("0 committed seals, expected at least 1 of 1 validators");
    }

    @Test
    void aBlockBeforeItsPeriodIsRefused() {
        assertThat(check(sealed(QbftHeaders.header(2, 101, KEY.address(), ALONE))))
                .hasValueSatisfying(reason -> assertThat(reason).contains("timestamp is 101, expected at least 102"));
    }

    @Test
    void aStrangerCannotPropose() {
        Address stranger = SigningKey.of(2).address();
        assertThat(check(sealed(QbftHeaders.header(2, 102, stranger, ALONE))))
                .hasValueSatisfying(reason -> assertThat(reason).contains("coinbase is " + stranger));
    }

    @Test
    void anotherValidatorListIsRefused() {
        ValidatorSet other = new ValidatorSet(List.of(SigningKey.of(2).address()));
        assertThat(check(QbftHeaders.header(2, 102, KEY.address(), other)))
                .hasValueSatisfying(reason -> assertThat(reason).contains("validator list"));
    }

    @Test
    void everyFlippedBitOfASealIsNoticed() throws RlpException {
        BlockHeader header = sealed(QbftHeaders.header(2, 102, KEY.address(), ALONE));
        Bytes seal = seal(header);
        for (int bit = 0; bit < seal.size() * 8; bit++) {
            byte[] flipped = seal.toArray();
            flipped[bit >> 3] ^= (byte) (1 << (bit & 7));
            assertThat(check(withSeals(header, List.of(Bytes.wrap(flipped)))))
                    .as("bit %d", bit)
                    .isPresent();
        }
    }

    @Test
    void oneValidatorsSealCountsOnce() throws RlpException {
        BlockHeader header = sealed(QbftHeaders.header(2, 102, KEY.address(), ALONE));
        Bytes seal = seal(header);
        assertThat(check(withSeals(header, List.of(seal, seal))))
                .hasValueSatisfying(reason -> assertThat(reason).contains("a second one by " + KEY.address()));
    }

    @Test
    void aNodeThatIsNoQuorumCannotSealAlone() {
        List<Address> two = new ArrayList<>(ALONE.addresses());
        two.add(SigningKey.of(2).address());
        ValidatorSet validators = new ValidatorSet(two);
        BlockHeader header = QbftHeaders.header(2, 102, KEY.address(), validators);
        assertThatThrownBy(() -> new BlockSealer(KEY).seal(QbftHeaders.block(header), validators))
                .isInstanceOf(IllegalStateException.class);
    }
}
