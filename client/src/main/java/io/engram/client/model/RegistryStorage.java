package io.engram.client.model;

import io.engram.evm.state.StateReader;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.crypto.Keccak256;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * The storage of the ModelRegistry contract in one state, read without running it:
 *
 * <pre>
 * slot 0  mapping(bytes32 =&gt; Model) models
 * slot 1  address[] validators
 * slot 2  bytes32[] ids                      every model that was ever attested
 * slot 8  mapping(bytes32 =&gt; uint256) suspensionNonce
 *
 * struct Model {
 *   address author; uint16 royalty; uint64 announcedAt;                                     // +0
 *   uint64 activeFrom; uint64 retiredFrom; uint64 expiresAt; bool suspended; bool permanent; // +1
 *   bytes32[] facts;                                                                        // +2
 * }
 * </pre>
 *
 * As thread-safe as the state.
 */
public final class RegistryStorage {

    private static final UInt256 MODELS = UInt256.ZERO;
    private static final UInt256 VALIDATORS = UInt256.ONE;
    private static final UInt256 IDS = UInt256.valueOf(2);
    private static final UInt256 SUSPENSION_NONCES = UInt256.valueOf(8);

    /** Longest array that is read; the contract writes none that comes near. */
    private static final int MAX_ARRAY = 1 << 16;

    private final StateReader state;
    private final Address registry;

    public RegistryStorage(StateReader state, Address registry) {
        this.state = state;
        this.registry = registry;
    }

    /** What the contract holds of the model; absent when it was never announced. */
    public Optional<Entry> entry(Hash modelId) {
        UInt256 base = mapped(modelId, MODELS);
        Hash first = word(base);
        Address author = Address.ofWord(first.w1(), first.w2(), first.w3());
        if (author.equals(Address.ZERO)) {
            return Optional.empty();
        }
        Hash second = word(base.add(1));
        return Optional.of(new Entry(
                author,
                (int) (first.w1() >>> 32) & 0xffff,
                (first.w1() >>> 48) | (first.w0() << 16),
                second.w3(),
                second.w2(),
                second.w1(),
                (second.w0() & 0xff) != 0,
                (second.w0() >>> 8 & 0xff) != 0,
                array(base.add(2)),
                word(mapped(modelId, SUSPENSION_NONCES)).w3()));
    }

    /** The validators that the system call last wrote, in the contract's order. */
    public List<Address> validators() {
        return array(VALIDATORS).stream()
                .map(word -> Address.ofWord(word.w1(), word.w2(), word.w3()))
                .toList();
    }

    /** Every model that was ever attested, in order of attestation. */
    public List<Hash> modelIds() {
        return array(IDS);
    }

    private List<Hash> array(UInt256 slot) {
        UInt256 length = state.storage(registry, slot);
        if (length.compareTo(UInt256.valueOf(MAX_ARRAY)) > 0) {
            throw new IllegalStateException("the registry holds an array of " + length + " words at slot " + slot);
        }
        UInt256 first = UInt256.fromBytes(Keccak256.hash(slot.toArray()).toBytes());
        List<Hash> words = new ArrayList<>();
        for (int i = 0; i < length.intValue(); i++) {
            words.add(word(first.add(i)));
        }
        return List.copyOf(words);
    }

    private Hash word(UInt256 slot) {
        return Hash.of(state.storage(registry, slot).toArray());
    }

    private static UInt256 mapped(Hash key, UInt256 slot) {
        return UInt256.fromBytes(
                Keccak256.hash(Bytes.concatenate(key.toBytes(), slot)).toBytes());
    }

    /**
     * One model's record. Times are block numbers, unsigned; 0 stands for never.
     *
     * @param royalty the author's wish in 1/65536
     * @param activeFrom 0 while the model is announced only
     * @param expiresAt block from which an unattested announcement has lapsed
     * @param permanent whether the author gave up the right to retire it
     * @param facts what the validators attested, in the words that {@code ModelFacts} defines
     * @param suspensionNonce how often a quorum has suspended it or let it go on
     */
    public record Entry(
            Address author,
            int royalty,
            long announcedAt,
            long activeFrom,
            long retiredFrom,
            long expiresAt,
            boolean suspended,
            boolean permanent,
            List<Hash> facts,
            long suspensionNonce) {
        public Entry {
            facts = List.copyOf(facts);
        }
    }
}
