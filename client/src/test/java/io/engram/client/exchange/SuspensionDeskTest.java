package io.engram.client.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.client.consensus.SignatureCodec;
import io.engram.client.consensus.SigningKey;
import io.engram.client.model.RegistryStorage;
import io.engram.client.node.SuspensionCalls;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.system.SystemContracts;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;
import org.junit.jupiter.api.Test;

/** Signatures of suspensions: whose are taken, and for how long. */
class SuspensionDeskTest {

    private static final List<SigningKey> KEYS =
            IntStream.rangeClosed(1, 4).mapToObj(SigningKey::of).toList();
    private static final Set<Address> VALIDATORS =
            KEYS.stream().map(SigningKey::address).collect(Collectors.toUnmodifiableSet());
    private static final Hash MODEL = new Hash(1, 2, 3, 4);
    private static final long NEXT_BLOCK = 100;

    private final SuspensionDesk desk = new SuspensionDesk(SuspensionDeskTest::digest, List::of);

    private static Hash digest(Suspension change) {
        return SuspensionCalls.digest(change, UInt256.valueOf(1_337), SystemContracts.MODEL_REGISTRY);
    }

    private static RegistryView view(boolean suspended, long nonce, long retiredFrom) {
        return new RegistryView(
                Map.of(
                        MODEL,
                        new RegistryStorage.Entry(
                                Address.ZERO, 0, 1, 5, retiredFrom, 0, suspended, false, List.of(Hash.ZERO), nonce)),
                VALIDATORS);
    }

    private static Bytes signature(SigningKey key, Suspension change) {
        return SignatureCodec.encode(key.sign(digest(change)));
    }

    @Test
    void onlyTheChangeThatIsPossibleNowIsSigned() {
        Suspension stop = new Suspension(MODEL, true, 0);
        assertThat(desk.possible(MODEL)).isEmpty();
        assertThat(desk.sign(stop, signature(KEYS.getFirst(), stop), VALIDATORS))
                .isPresent();
        desk.look(view(false, 0, 0), NEXT_BLOCK);
        assertThat(desk.possible(MODEL)).hasValue(stop);
        assertThat(desk.sign(stop, signature(KEYS.getFirst(), stop), VALIDATORS))
                .isEmpty();
        assertThat(desk.sign(stop, signature(KEYS.getFirst(), stop), VALIDATORS))
                .as("once more")
                .isEmpty();
        assertThat(desk.signatures(stop, VALIDATORS))
                .containsOnlyKeys(KEYS.getFirst().address());
        for (Suspension other : List.of(
                new Suspension(MODEL, false, 0),
                new Suspension(MODEL, true, 1),
                new Suspension(new Hash(4, 3, 2, 1), true, 0))) {
            assertThat(desk.sign(other, signature(KEYS.get(1), other), VALIDATORS))
                    .isPresent();
            assertThat(desk.signatures(other, VALIDATORS)).isEmpty();
        }
        desk.look(view(false, 0, NEXT_BLOCK), NEXT_BLOCK);
        assertThat(desk.possible(MODEL)).as("retired").isEmpty();
    }

    @Test
    void aChangeMakesEarlierSignaturesWorthless() {
        Suspension stop = new Suspension(MODEL, true, 0);
        desk.look(view(false, 0, 0), NEXT_BLOCK);
        assertThat(desk.sign(stop, signature(KEYS.getFirst(), stop), VALIDATORS))
                .isEmpty();
        desk.look(view(true, 1, 0), NEXT_BLOCK);
        desk.look(view(false, 2, 0), NEXT_BLOCK);
        Suspension again = new Suspension(MODEL, true, 2);
        assertThat(desk.possible(MODEL)).hasValue(again);
        assertThat(desk.signatures(again, VALIDATORS)).isEmpty();
        assertThat(desk.sign(again, signature(KEYS.getFirst(), stop), VALIDATORS))
                .isPresent();
    }

    @Test
    void strangersAndChangedSignaturesAreRefused() {
        Suspension stop = new Suspension(MODEL, true, 0);
        desk.look(view(false, 0, 0), NEXT_BLOCK);
        assertThat(desk.sign(stop, signature(SigningKey.of(9), stop), VALIDATORS))
                .isPresent();
        Bytes sound = signature(KEYS.getFirst(), stop);
        for (int bit = 0; bit < Byte.SIZE * sound.size(); bit++) {
            byte[] changed = sound.toArray();
            changed[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            assertThat(desk.sign(stop, Bytes.wrap(changed), VALIDATORS))
                    .as("bit %s", bit)
                    .isPresent();
        }
        assertThat(desk.signatures(stop, VALIDATORS)).isEmpty();
    }
}
