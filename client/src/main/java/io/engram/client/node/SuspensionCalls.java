package io.engram.client.node;

import io.engram.client.exchange.Suspension;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.crypto.FunctionSelector;
import io.engram.genesis.crypto.Keccak256;
import io.engram.genesis.crypto.Signature;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/** The call by which a model is suspended or let go on, and the digest that validators sign for it (EIP-712; protocol E3). */
public final class SuspensionCalls {

    private static final int HEAD_WORDS = 3;
    private static final Hash TYPE = RegistryDomain.hash("Suspension(bytes32 modelId,bool suspended,uint256 nonce)");

    private SuspensionCalls() {}

    /** What a validator signs. */
    public static Hash digest(Suspension change, UInt256 chainId, Address registry) {
        return RegistryDomain.digest(
                chainId,
                registry,
                Keccak256.hash(Bytes.concatenate(
                        TYPE.toBytes(),
                        change.modelId().toBytes(),
                        flag(change.suspended()),
                        RegistryDomain.word(change.nonce()))));
    }

    /**
     * {@code setSuspended(bytes32,bool,bytes[])}.
     *
     * @param signatures over {@link #digest}, in ascending order of their signers
     */
    public static Bytes submit(Suspension change, List<Signature> signatures) {
        return Bytes.concatenate(
                FunctionSelector.of("setSuspended(bytes32,bool,bytes[])"),
                change.modelId().toBytes(),
                flag(change.suspended()),
                RegistryDomain.word((long) HEAD_WORDS * Hash.SIZE),
                RegistryDomain.array(signatures));
    }

    private static Bytes flag(boolean value) {
        return RegistryDomain.word(value ? 1 : 0);
    }
}
