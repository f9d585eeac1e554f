package io.engram.client.node;

import io.engram.client.model.RegistryDirectory;
import io.engram.client.model.RegistryStorage;
import io.engram.evm.state.StateReader;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.crypto.KeyPair;
import io.engram.genesis.crypto.Secp256k1;
import io.engram.genesis.system.SystemContracts;
import io.engram.inference.model.Model;
import io.engram.inference.opcode.ModelStatus;
import java.math.BigInteger;
import java.util.Collection;
import java.util.Comparator;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * What it takes to make a model callable: an announcement that pays for the file's bytes, and an attestation with the
 * signatures of a quorum of the validators.
 *
 * @param calls to the registry
 * @param price of the announcement
 * @param configHash that attestations name
 */
public record ModelPublication(RegistryCalls calls, Wei price, Hash configHash) {

    public static final Address REGISTRY = SystemContracts.MODEL_REGISTRY;

    private static final UInt256 CONFIG_HASH_SLOT = UInt256.valueOf(3);
    private static final UInt256 PRICE_SLOT = UInt256.valueOf(4);
    private static final int PRICE_BITS = 128;

    /** Gas limits that the two transactions are sent with at most. */
    public static final long ANNOUNCE_GAS = 2_000_000;

    public static final long ATTEST_GAS = 2_000_000;

    /** A way to read the registry's storage. */
    @FunctionalInterface
    public interface RegistrySlots {
        UInt256 read(UInt256 slot);
    }

    /** Prepares the publication; author and royalty are those in the file. */
    public static ModelPublication of(Model model, RegistrySlots registry) {
        RegistryCalls calls = RegistryCalls.of(model);
        BigInteger perByte = registry.read(PRICE_SLOT).toUnsignedBigInteger().mod(BigInteger.ONE.shiftLeft(PRICE_BITS));
        Wei price = Wei.of(perByte.multiply(BigInteger.valueOf(model.facts().fileBytes())));
        return new ModelPublication(
                calls, price, Hash.of(registry.read(CONFIG_HASH_SLOT).toBytes()));
    }

    public static RegistrySlots slots(StateReader state) {
        return slot -> state.storage(REGISTRY, slot);
    }

    /** Whether the registry lets calls of the model run in the block after this state's. */
    public static boolean isActive(StateReader state, Hash modelId, long nextBlock) {
        return new RegistryStorage(state, REGISTRY)
                .entry(modelId)
                .filter(entry -> RegistryDirectory.statusAt(entry, nextBlock) == ModelStatus.ACTIVE)
                .isPresent();
    }

    /** Call data of the attestation by these validators. */
    public Bytes attestation(UInt256 chainId, Collection<KeyPair> validators) {
        Hash digest = calls.digest(chainId, REGISTRY, configHash);
        return calls.attest(validators.stream()
                .sorted(Comparator.comparing(KeyPair::address))
                .map(validator -> Secp256k1.sign(digest, validator))
                .toList());
    }
}
