package io.engram.client.node;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.crypto.Keccak256;
import io.engram.genesis.crypto.Signature;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/** What all calls of the ModelRegistry contract have in common: its EIP-712 domain, and how the contract ABI writes values. */
final class RegistryDomain {

    private static final int SIGNATURE_SIZE = 65;
    private static final int WORD = Hash.SIZE;
    private static final Hash DOMAIN_TYPE =
            hash("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    private static final Hash NAME = hash("Engram ModelRegistry");
    private static final Hash VERSION = hash("1");

    private RegistryDomain() {}

    /** What is signed of a struct with this hash (EIP-712). */
    static Hash digest(UInt256 chainId, Address registry, Hash struct) {
        Hash domain = Keccak256.hash(Bytes.concatenate(
                DOMAIN_TYPE.toBytes(), NAME.toBytes(), VERSION.toBytes(), chainId.toBytes(), word(registry)));
        return Keccak256.hash(Bytes.concatenate(Bytes.of(0x19, 0x01), domain.toBytes(), struct.toBytes()));
    }

    static Hash hash(String text) {
        return Keccak256.hash(text.getBytes(StandardCharsets.US_ASCII));
    }

    static Bytes word(long value) {
        return UInt256.valueOf(value).toBytes();
    }

    static Bytes word(Address address) {
        return Bytes.concatenate(Bytes.wrap(new byte[WORD - Address.SIZE]), address.toBytes());
    }

    /** The tail of a {@code bytes[]} argument. */
    static Bytes array(List<Signature> signatures) {
        List<Bytes> parts = new ArrayList<>();
        parts.add(word(signatures.size()));
        int padded = (SIGNATURE_SIZE + WORD - 1) / WORD * WORD;
        for (int i = 0; i < signatures.size(); i++) {
            parts.add(word((long) signatures.size() * WORD + (long) i * (WORD + padded)));
        }
        for (Signature signature : signatures) {
            parts.add(word(SIGNATURE_SIZE));
            parts.add(signature.r().toBytes());
            parts.add(signature.s().toBytes());
            parts.add(Bytes.of(27 + signature.yParity()));
            parts.add(Bytes.wrap(new byte[padded - SIGNATURE_SIZE]));
        }
        return Bytes.concatenate(parts);
    }
}
