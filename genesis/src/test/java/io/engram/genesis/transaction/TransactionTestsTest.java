package io.engram.genesis.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.engram.genesis.Address;
import io.engram.genesis.Corpora;
import io.engram.genesis.Hash;
import io.engram.genesis.fork.Fork;
import io.engram.genesis.rlp.RlpException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TransactionTestsTest {

    private static final Map<String, Fork> FORKS = Map.ofEntries(
            Map.entry("Frontier", Fork.FRONTIER),
            Map.entry("Homestead", Fork.HOMESTEAD),
            Map.entry("EIP150", Fork.TANGERINE_WHISTLE),
            Map.entry("EIP158", Fork.SPURIOUS_DRAGON),
            Map.entry("Byzantium", Fork.BYZANTIUM),
            Map.entry("Constantinople", Fork.CONSTANTINOPLE),
            Map.entry("ConstantinopleFix", Fork.PETERSBURG),
            Map.entry("Istanbul", Fork.ISTANBUL),
            Map.entry("Berlin", Fork.BERLIN),
            Map.entry("London", Fork.LONDON),
            Map.entry("Paris", Fork.PARIS),
            Map.entry("Shanghai", Fork.SHANGHAI),
            Map.entry("Cancun", Fork.CANCUN));

    /** Rules of the EVM, which is another module's. */
    private static final Set<String> OF_THE_EVM =
            Set.of("TransactionException.INTRINSIC_GAS_TOO_LOW", "TransactionException.INITCODE_SIZE_EXCEEDED");

    /** Gas limits of 2^63 and more, which no block can hold, are refused in decoding. */
    private static final Set<String> HUGE_GAS_LIMIT =
            Set.of("TransactionWithHighGasLimit63Plus1", "TransactionWithHighGasLimit64Minus1");

    @Test
    void theTransactionTestsPass() throws Exception {
        Path root = Corpora.require("ethereum-basic-tests/TransactionTests");
        int passed = 0;
        int ofTheEvm = 0;
        int hugeGasLimit = 0;
        List<String> failures = new ArrayList<>();
        for (Path file : Corpora.jsonFiles(root)) {
            for (Map.Entry<String, JsonNode> test :
                    new ObjectMapper().readTree(file.toFile()).properties()) {
                for (Map.Entry<String, JsonNode> result :
                        test.getValue().required("result").properties()) {
                    Bytes bytes = Bytes.fromHexString(
                            test.getValue().required("txbytes").asText());
                    Optional<Transaction> accepted = accept(bytes, FORKS.get(result.getKey()));
                    JsonNode expected = result.getValue();
                    if (OF_THE_EVM.contains(expected.path("exception").asText())) {
                        ofTheEvm++;
                    } else if (HUGE_GAS_LIMIT.contains(test.getKey()) && expected.has("hash")) {
                        assertThat(accepted).isEmpty();
                        hugeGasLimit++;
                    } else if (agrees(accepted, expected)) {
                        passed++;
                    } else {
                        failures.add(test.getKey() + "/" + result.getKey() + ": expected " + expected + ", accepted "
                                + accepted);
                    }
                }
            }
        }
        System.out.println("TransactionTests: " + passed + " passed, " + failures.size() + " failed, skipped "
                + ofTheEvm + " (intrinsic gas and init code: rules of the EVM) and " + hugeGasLimit
                + " (gas limit above 2^63 - 1: refused in decoding)");
        assertThat(failures).isEmpty();
    }

    private static Optional<Transaction> accept(Bytes bytes, @Nullable Fork fork) {
        assertThat(fork).isNotNull();
        try {
            Transaction transaction = TransactionCodec.decode(bytes);
            return TransactionRules.violation(transaction, fork, UInt256.ONE).isPresent()
                    ? Optional.empty()
                    : Optional.of(transaction);
        } catch (RlpException e) {
            return Optional.empty();
        }
    }

    private static boolean agrees(Optional<Transaction> accepted, JsonNode expected) {
        if (!expected.has("hash")) {
            return accepted.isEmpty();
        }
        return accepted.isPresent()
                && accepted.get()
                        .hash()
                        .equals(Hash.fromHex(expected.required("hash").asText()))
                && accepted.get()
                        .sender()
                        .equals(Optional.of(
                                Address.fromHex(expected.required("sender").asText())));
    }
}
