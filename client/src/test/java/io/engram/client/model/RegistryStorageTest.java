package io.engram.client.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.evm.state.Account;
import io.engram.evm.state.StateReader;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.crypto.Keccak256;
import io.engram.inference.opcode.ModelStatus;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;
import org.junit.jupiter.api.Test;

/** Against Solidity's storage layout, written out with big integers. */
class RegistryStorageTest {

    private static final Address REGISTRY = new Address(0, 0, 7);

    private final Map<UInt256, UInt256> slots = new HashMap<>();
    private final StateReader state = new StateReader() {
        @Override
        public Optional<Account> account(Address address) {
            return Optional.empty();
        }

        @Override
        public UInt256 storage(Address address, UInt256 slot) {
            return slots.getOrDefault(slot, UInt256.ZERO);
        }

        @Override
        public boolean hasStorage(Address address) {
            return !slots.isEmpty();
        }

        @Override
        public Bytes code(Hash codeHash) {
            return Bytes.EMPTY;
        }
    };
    private final RegistryStorage storage = new RegistryStorage(state, REGISTRY);

    private static UInt256 keccak(Bytes bytes) {
        return UInt256.fromBytes(Keccak256.hash(bytes).toBytes());
    }

    private static BigInteger unsigned(long value) {
        return new BigInteger(Long.toUnsignedString(value));
    }

    private void put(UInt256 slot, BigInteger value) {
        slots.put(slot, UInt256.valueOf(value));
    }

    private void write(Hash id, RegistryStorage.Entry entry) {
        UInt256 base = keccak(Bytes.concatenate(id.toBytes(), UInt256.ZERO));
        put(
                base,
                entry.author()
                        .toBytes()
                        .toUnsignedBigInteger()
                        .or(BigInteger.valueOf(entry.royalty()).shiftLeft(160))
                        .or(unsigned(entry.announcedAt()).shiftLeft(176)));
        put(
                base.add(1),
                unsigned(entry.activeFrom())
                        .or(unsigned(entry.retiredFrom()).shiftLeft(64))
                        .or(unsigned(entry.expiresAt()).shiftLeft(128))
                        .or(BigInteger.valueOf(entry.suspended() ? 1 : 0).shiftLeft(192))
                        .or(BigInteger.valueOf(entry.permanent() ? 1 : 0).shiftLeft(200)));
        put(keccak(Bytes.concatenate(id.toBytes(), UInt256.valueOf(8))), unsigned(entry.suspensionNonce()));
        put(base.add(2), BigInteger.valueOf(entry.facts().size()));
        for (int i = 0; i < entry.facts().size(); i++) {
            slots.put(
                    keccak(base.add(2)).add(i),
                    UInt256.fromBytes(entry.facts().get(i).toBytes()));
        }
    }

    @Test
    void everyFieldIsReadFromItsPlace() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 100; round++) {
            Hash id = new Hash(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
            RegistryStorage.Entry entry = new RegistryStorage.Entry(
                    new Address(random.nextInt(), random.nextLong(), random.nextLong()),
                    random.nextInt(1 << 16),
                    random.nextLong(),
                    random.nextLong(),
                    random.nextLong(),
                    random.nextLong(),
                    random.nextBoolean(),
                    random.nextBoolean(),
                    List.of(id, new Hash(1, 2, 3, random.nextLong())),
                    random.nextInt(9));
            write(id, entry);
            assertThat(storage.entry(id)).as("seed %d", seed).hasValue(entry);
        }
    }

    @Test
    void aModelThatWasNeverAnnouncedIsAbsent() {
        assertThat(storage.entry(new Hash(1, 2, 3, 4))).isEmpty();
        assertThat(storage.modelIds()).isEmpty();
        assertThat(storage.validators()).isEmpty();
    }

    private static ModelStatus status(long activeFrom, long retiredFrom, boolean suspended, long block) {
        RegistryStorage.Entry entry =
                new RegistryStorage.Entry(REGISTRY, 0, 1, activeFrom, retiredFrom, 0, suspended, false, List.of(), 0);
        return RegistryDirectory.statusAt(entry, block);
    }

    @Test
    void theStatusFollowsFromTheBlockNumber() {
        assertThat(status(0, 0, false, 50)).isEqualTo(ModelStatus.ANNOUNCED);
        assertThat(status(50, 0, false, 49)).isEqualTo(ModelStatus.ATTESTED);
        assertThat(status(50, 0, false, 50)).isEqualTo(ModelStatus.ACTIVE);
        assertThat(status(50, 60, false, 59)).isEqualTo(ModelStatus.ACTIVE);
        assertThat(status(50, 60, false, 60)).isEqualTo(ModelStatus.RETIRED);
        assertThat(status(50, 0, true, 55)).isEqualTo(ModelStatus.SUSPENDED);
    }
}
