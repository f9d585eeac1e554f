package io.engram.client.node;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.crypto.FunctionSelector;
import io.engram.genesis.crypto.Keccak256;
import io.engram.genesis.crypto.Signature;
import io.engram.inference.model.Model;
import io.engram.inference.model.ModelFacts;
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
    private static final int WORD = Hash.SIZE;

    private static final Hash ATTESTATION_TYPE = RegistryDomain.hash(
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
        parts.add(RegistryDomain.word((HEAD_WORDS_ATTEST + 1L + factWords) * WORD));
        addFacts(parts);
        parts.add(RegistryDomain.array(signatures));
        return Bytes.concatenate(parts);
    }

    /** {@code retire(bytes32)}, which only the author's account may call. */
    public static Bytes retire(Hash modelId) {
        return Bytes.concatenate(FunctionSelector.of("retire(bytes32)"), modelId.toBytes());
    }

    /**
     * What a validator signs.
     *
     * @param inferenceConfigHash as the registry holds it (protocol D1)
     */
    public Hash digest(UInt256 chainId, Address registry, Hash inferenceConfigHash) {
        Bytes packedFacts =
                Bytes.concatenate(facts.toWords().stream().map(Hash::toBytes).toArray(Bytes[]::new));
        Hash struct = Keccak256.hash(Bytes.concatenate(
                ATTESTATION_TYPE.toBytes(),
                modelId.toBytes(),
                RegistryDomain.word(author),
                RegistryDomain.word(royalty),
                Keccak256.hash(packedFacts).toBytes(),
                inferenceConfigHash.toBytes()));
        return RegistryDomain.digest(chainId, registry, struct);
    }

    private List<Bytes> terms(String signature, int headWords) {
        List<Bytes> parts = new ArrayList<>();
        parts.add(FunctionSelector.of(signature));
        parts.add(modelId.toBytes());
        parts.add(RegistryDomain.word(author));
        parts.add(RegistryDomain.word(royalty));
        parts.add(RegistryDomain.word((long) headWords * WORD));
        return parts;
    }

    private void addFacts(List<Bytes> parts) {
        List<Hash> words = facts.toWords();
        parts.add(RegistryDomain.word(words.size()));
        words.forEach(fact -> parts.add(fact.toBytes()));
    }
}
