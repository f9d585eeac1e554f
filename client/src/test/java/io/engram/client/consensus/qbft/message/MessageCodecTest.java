package io.engram.client.consensus.qbft.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.engram.client.consensus.RecoveredSignatures;
import io.engram.client.consensus.SigningKey;
import io.engram.client.consensus.qbft.message.Payload.PreparePayload;
import io.engram.genesis.Hash;
import io.engram.genesis.crypto.Keccak256;
import io.engram.genesis.crypto.Secp256k1;
import io.engram.genesis.crypto.Signature;
import io.engram.genesis.rlp.RlpException;
import io.engram.genesis.rlp.RlpItem;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MessageCodecTest {

    private static final MessageCodec CODEC = new MessageCodec(new RecoveredSignatures());

    @ParameterizedTest
    @EnumSource(WireEncoding.class)
    void everyMessageComesBackAsItWasSent(WireEncoding encoding) throws RlpException {
        for (QbftMessage message : Messages.all(encoding)) {
            Bytes encoded = MessageCodec.encode(message, encoding);
            QbftMessage decoded = CODEC.decode(message.kind().code(), encoded);
            assertThat(decoded).isEqualTo(message);
            assertThat(MessageCodec.encode(decoded, encoding)).isEqualTo(encoded);
        }
    }

    /** The layout of the reference: the slot stands after the block, and its absence is all that differs. */
    @Test
    void theAccessListSlotIsTheOnlyDifference() throws RlpException {
        for (int i = 0; i < 2; i++) {
            QbftMessage with = Messages.all(WireEncoding.ACCESS_LIST_SLOT).get(i);
            QbftMessage without = Messages.all(WireEncoding.LEGACY).get(i);
            List<RlpItem> payload = payload(with);
            assertThat(payload).hasSize(4);
            assertThat(payload.get(3)).isEqualTo(new RlpItem.Text(Bytes.EMPTY));
            assertThat(payload(without)).isEqualTo(payload.subList(0, 3));
        }
        QbftMessage change = Messages.all(WireEncoding.LEGACY).getLast();
        assertThat(items(MessageCodec.encode(change, WireEncoding.LEGACY))).hasSize(3);
        List<RlpItem> slotted = items(MessageCodec.encode(change, WireEncoding.ACCESS_LIST_SLOT));
        assertThat(slotted).hasSize(4);
        assertThat(slotted.get(2)).isEqualTo(new RlpItem.Text(Bytes.EMPTY));
    }

    private static List<RlpItem> payload(QbftMessage proposal) throws RlpException {
        return items(proposal.signed().encoded());
    }

    private static List<RlpItem> items(Bytes encoded) throws RlpException {
        return ((RlpItem.Sequence) RlpItem.decode(encoded)).items();
    }

    @Test
    void theHashThatIsSignedCoversCodeAndPayload() {
        PreparePayload prepare = new PreparePayload(new ConsensusRound(1, 2), Hash.ZERO);
        Bytes payload = PayloadCodec.encode(prepare, WireEncoding.LEGACY);
        assertThat(payload).isEqualTo(Bytes.concatenate(Bytes.fromHexString("0xe30102a0"), Hash.ZERO.toBytes()));
        assertThat(PayloadCodec.signingHash(MessageKind.PREPARE, payload))
                .isEqualTo(Keccak256.hash(Bytes.concatenate(Bytes.fromHexString("0xe513"), payload)));
    }

    @Test
    void anAccessListIsRefused() throws RlpException {
        QbftMessage proposal = Messages.all(WireEncoding.ACCESS_LIST_SLOT).getFirst();
        List<RlpItem> payload = new ArrayList<>(payload(proposal));
        payload.set(3, new RlpItem.Text(Bytes.of(0xc0)));
        List<RlpItem> message = new ArrayList<>(items(MessageCodec.encode(proposal, WireEncoding.ACCESS_LIST_SLOT)));
        RlpItem signature = ((RlpItem.Sequence) message.getFirst()).items().get(1);
        message.set(0, new RlpItem.Sequence(List.of(new RlpItem.Sequence(payload), signature)));
        assertThatThrownBy(() -> CODEC.decode(MessageKind.PROPOSAL.code(), new RlpItem.Sequence(message).encode()))
                .isInstanceOf(RlpException.class)
                .hasMessageContaining("access list");
    }

    @Test
    void aSignatureWithHighSIsNobodys() {
        SigningKey key = Messages.KEYS.getFirst();
        Signature low = key.sign(Hash.ZERO);
        BigInteger order = Secp256k1.ORDER;
        BigInteger high = order.subtract(low.s().toBytes().toUnsignedBigInteger());
        Signature mirrored = new Signature(low.r(), Hash.of(UInt256.valueOf(high)), 1 - low.yParity());
        RecoveredSignatures signatures = new RecoveredSignatures();
        assertThat(signatures.signer(Hash.ZERO, low)).contains(key.address());
        assertThat(signatures.signer(Hash.ZERO, mirrored)).isEmpty();
        assertThat(signatures.signer(Hash.ZERO, low)).contains(key.address());
    }

    @Test
    void noiseEndsInOneError() {
        for (long seed = 0; seed < 400; seed++) {
            RandomGenerator random =
                    RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
            List<QbftMessage> all = Messages.all(anyEncoding(random));
            QbftMessage message = all.get(random.nextInt(all.size()));
            byte[] bytes = MessageCodec.encode(message, anyEncoding(random)).toArray();
            int flips = 1 + random.nextInt(4);
            for (int i = 0; i < flips; i++) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            int code = 0x11 + random.nextInt(6);
            assertDecodesOrFails(code, Bytes.wrap(bytes, 0, 1 + random.nextInt(bytes.length)), seed);
            assertDecodesOrFails(message.kind().code(), Bytes.wrap(bytes), seed);
        }
    }

    private static WireEncoding anyEncoding(RandomGenerator random) {
        return random.nextBoolean() ? WireEncoding.ACCESS_LIST_SLOT : WireEncoding.LEGACY;
    }

    private static void assertDecodesOrFails(int code, Bytes noise, long seed) {
        try {
            QbftMessage decoded = CODEC.decode(code, noise);
            assertThat(decoded.kind().code()).as("seed %d", seed).isEqualTo(code);
        } catch (RlpException expected) {
            assertThat(expected.getMessage()).as("seed %d", seed).isNotBlank();
        } catch (RuntimeException e) {
            throw new AssertionError("seed " + seed, e);
        }
    }
}
