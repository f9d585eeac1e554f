package io.engram.evm.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.engram.evm.fixture.Corpora;
import io.engram.evm.operation.OpcodeTable;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.fork.Fork;
import io.engram.genesis.rlp.RlpException;
import io.engram.genesis.transaction.Transaction;
import io.engram.genesis.transaction.TransactionCodec;
import io.engram.genesis.transaction.TransactionRules;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;
import org.junit.jupiter.api.Test;

/** Ethereum's transaction tests: decoding, and what can be said of a transaction without a state. */
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

    @Test
    void theTransactionTestsPass() throws Exception {
        Path root = Corpora.require("ethereum-basic-tests/TransactionTests");
        int passed = 0;
        List<String> failures = new ArrayList<>();
        for (Path file : Corpora.jsonFiles(root)) {
            for (Map.Entry<String, JsonNode> test :
                    new ObjectMapper().readTree(file.toFile()).properties()) {
                Bytes bytes =
                        Bytes.fromHexString(test.getValue().required("txbytes").asText());
                for (Map.Entry<String, JsonNode> result :
                        test.getValue().required("result").properties()) {
                    assertThat(FORKS).containsKey(result.getKey());
                    Optional<Transaction> accepted =
                            accept(bytes, FORKS.getOrDefault(result.getKey(), Fork.FRONTIER), result.getValue());
                    if (agrees(accepted, result.getValue())) {
                        passed++;
                    } else {
                        failures.add(test.getKey() + "/" + result.getKey() + ": expected " + result.getValue()
                                + ", accepted " + accepted);
                    }
                }
            }
        }
        System.out.println("TransactionTests: " + passed + " passed, " + failures.size() + " failed, 0 skipped");
        assertThat(failures).isEmpty();
        assertThat(passed).isPositive();
    }

    private static Optional<Transaction> accept(Bytes bytes, Fork fork, JsonNode expected) {
        Transaction transaction;
        try {
            transaction = TransactionCodec.decode(bytes);
        } catch (RlpException e) {
            return Optional.empty();
        }
        if (TransactionRules.violation(transaction, fork, UInt256.ONE).isPresent()) {
            return Optional.empty();
        }
        OpcodeTable table = OpcodeTable.of(fork);
        IntrinsicGas intrinsic = IntrinsicGas.of(
                table,
                transaction.data(),
                transaction.to().isEmpty(),
                transaction.accessList(),
                transaction.authorizations().size());
        assertThat(intrinsic.gas())
                .isEqualTo(Long.decode(expected.required("intrinsicGas").asText()));
        boolean suffices = Long.compareUnsigned(transaction.gasLimit(), intrinsic.minimum()) >= 0;
        boolean fits = transaction.to().isPresent() || transaction.data().size() <= table.initCodeLimit();
        return suffices && fits ? Optional.of(transaction) : Optional.empty();
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
