package io.engram.client.node;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.crypto.Keccak256;
import io.engram.genesis.crypto.Signature;
import io.engram.inference.model.Model;
import io.engram.inference.model.ModelFacts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * Call data for the ModelRegistry contract, and the digest that validators sign (EIP-712; protocol E1).
 *
 * @param royalty the author's wish in 1/65536
 * @param facts of the model's file
 */
public record RegistryCalls(Hash modelId, Address author, int royalty, ModelFacts facts) {

    private static final int HEAD_WORDS_ANNOUNCE = 4;
    private static final int HEAD_WORDS_ATTEST = 5;
    private static final int SIGNATURE_SIZE = 65;
    private static final int WORD = Hash.SIZE;

    private static final Hash DOMAIN_TYPE =
            hash("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    private static final Hash NAME = hash("Engram ModelRegistry");
    private static final Hash VERSION = hash("1");
    private static final Hash ATTESTATION_TYPE = hash(
            "Attestation(bytes32 modelId,address author,uint16 royalty,bytes32[] facts,bytes32 inferenceConfigHash)");

    public RegistryCalls {
        if (royalty < 0 || royalty > 0xffff) {
            throw new IllegalArgumentException("a royalty is 0 to 65535 in 1/65536, not " + royalty);
        }
    }

    /** Of a model on the terms that are in its file. */
    public static RegistryCalls of(Model model) {
        return new RegistryCalls(
                model.id(), model.graph().author(), model.graph().royalty(), model.facts());
    }

    /** {@code announce(bytes32,address,uint16,bytes32[])}; send the price per byte of the file along. */
    public Bytes announce() {
        List<Bytes> parts = terms("announce(bytes32,address,uint16,bytes32[])", HEAD_WORDS_ANNOUNCE);
        addFacts(parts);
        return Bytes.concatenate(parts);
    }

    /**
     * {@code attest(bytes32,address,uint16,bytes32[],bytes[])}.
     *
     * @param signatures over {@link #digest}, in ascending order of their signers
     */
    public Bytes attest(List<Signature> signatures) {
        List<Bytes> parts = terms("attest(bytes32,address,uint16,bytes32[],bytes[])", HEAD_WORDS_ATTEST);
        int factWords = facts.toWords().size();
        parts.add(word((HEAD_WORDS_ATTEST + 1L + factWords) * WORD));
        addFacts(parts);
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

    /** {@code retire(bytes32)}, which only the author's account may call. */
    public static Bytes retire(Hash modelId) {
        return Bytes.concatenate(hash("retire(bytes32)").toBytes().slice(0, 4), modelId.toBytes());
    }

    /**
     * What a validator signs.
     *
     * @param inferenceConfigHash as the registry holds it (protocol D1)
     */
    public Hash digest(UInt256 chainId, Address registry, Hash inferenceConfigHash) {
        Hash domain = Keccak256.hash(Bytes.concatenate(
                DOMAIN_TYPE.toBytes(), NAME.toBytes(), VERSION.toBytes(), chainId.toBytes(), word(registry)));
        Bytes packedFacts =
                Bytes.concatenate(facts.toWords().stream().map(Hash::toBytes).toArray(Bytes[]::new));
        Hash struct = Keccak256.hash(Bytes.concatenate(
                ATTESTATION_TYPE.toBytes(),
                modelId.toBytes(),
                word(author),
                word(royalty),
                Keccak256.hash(packedFacts).toBytes(),
                inferenceConfigHash.toBytes()));
        return Keccak256.hash(Bytes.concatenate(Bytes.of(0x19, 0x01), domain.toBytes(), struct.toBytes()));
    }

    private List<Bytes> terms(String signature, int headWords) {
        List<Bytes> parts = new ArrayList<>();
        parts.add(hash(signature).toBytes().slice(0, 4));
        parts.add(modelId.toBytes());
        parts.add(word(author));
        parts.add(word(royalty));
        parts.add(word((long) headWords * WORD));
        return parts;
    }

    private void addFacts(List<Bytes> parts) {
        List<Hash> words = facts.toWords();
        parts.add(word(words.size()));
        words.forEach(fact -> parts.add(fact.toBytes()));
    }

    private static Bytes word(long value) {
        return UInt256.valueOf(value).toBytes();
    }

    private static Bytes word(Address address) {
        return Bytes.concatenate(Bytes.wrap(new byte[WORD - Address.SIZE]), address.toBytes());
    }

    private static Hash hash(String text) {
        return Keccak256.hash(text.getBytes(StandardCharsets.US_ASCII));
    }
}
