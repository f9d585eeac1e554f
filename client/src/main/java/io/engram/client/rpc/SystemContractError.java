package io.engram.client.rpc;

import io.engram.genesis.crypto.Keccak256;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.StringJoiner;
import org.apache.tuweni.bytes.Bytes;

/** The custom errors of the model registry and the inference gateway, so that a revert can be told in words. */
public enum SystemContractError {
    INFERENCE_FAILED("InferenceFailed", "uint256", "reasons are listed in Inference.sol"),
    NOT_SYSTEM("NotSystem", "", "only the protocol calls this"),
    NOT_AUTHOR("NotAuthor", "address", "only the model's author may do this"),
    UNKNOWN_MODEL("UnknownModel", "bytes32", "the registry has no such model"),
    ALREADY_ATTESTED("AlreadyAttested", "bytes32", "the model is in the registry already"),
    NOT_ANNOUNCED("NotAnnounced", "bytes32", "these terms were not announced, or the announcement has expired"),
    MALFORMED_FACTS("MalformedFacts", "", "a model has 4 to 18 words of facts"),
    NO_AUTHOR("NoAuthor", "", "the model's file names no author; import it with --author"),
    WRONG_PRICE("WrongPrice", "uint256,uint256", "wei required and paid for the bytes of the file"),
    NO_QUORUM("NoQuorum", "uint256,uint256", "signatures required and given"),
    NOT_VALIDATOR("NotValidator", "address", "the signer is no validator in force"),
    SIGNERS_NOT_ASCENDING("SignersNotAscending", "", "signatures are ordered by the addresses of their signers"),
    MALFORMED_SIGNATURE("MalformedSignature", "", "a signature is r ‖ s ‖ v, s in the lower half"),
    PERMANENT("Permanent", "bytes32", "its author has made the model permanent"),
    ALREADY_RETIRING("AlreadyRetiring", "bytes32", "the model's retirement is announced already");

    private static final int SELECTOR = 4;
    private static final int WORD = 32;
    private static final int ADDRESS = 20;

    private final String name;
    private final String types;
    private final String meaning;
    private final int selector;

    /** @param types of the arguments, as in the signature */
    SystemContractError(String name, String types, String meaning) {
        this.name = name;
        this.types = types;
        this.meaning = meaning;
        this.selector = (int)
                (Keccak256.hash(signature().getBytes(StandardCharsets.US_ASCII)).w0() >>> Integer.SIZE);
    }

    /** As Solidity writes it: the name, and the types of the arguments. */
    String signature() {
        return name + "(" + types + ")";
    }

    private String[] typeList() {
        return types.isEmpty() ? new String[0] : types.split(",", -1);
    }

    /** The error in revert data, with its arguments and what it means; empty for other data. */
    public static Optional<String> text(Bytes revertData) {
        return Arrays.stream(values())
                .filter(error -> revertData.size() == SELECTOR + error.typeList().length * WORD
                        && revertData.getInt(0) == error.selector)
                .findFirst()
                .map(error -> error.describe(revertData.slice(SELECTOR)));
    }

    private String describe(Bytes arguments) {
        StringJoiner shown = new StringJoiner(", ", name + "(", "): " + meaning);
        String[] shapes = typeList();
        for (int i = 0; i < shapes.length; i++) {
            Bytes word = arguments.slice(i * WORD, WORD);
            shown.add(
                    switch (shapes[i]) {
                        case "uint256" -> new BigInteger(1, word.toArrayUnsafe()).toString();
                        case "address" -> word.slice(WORD - ADDRESS).toHexString();
                        default -> word.toHexString();
                    });
        }
        return shown.toString();
    }
}
