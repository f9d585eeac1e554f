package io.engram.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.engram.genesis.fork.Fork;
import io.engram.genesis.rlp.RlpException;
import io.engram.genesis.transaction.Transaction;
import io.engram.genesis.transaction.TransactionCodec;
import io.engram.genesis.transaction.TransactionRules;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/** Bytes from strangers as a transaction: it encodes to itself and every rule can be asked, or the one checked error. */
class TransactionFuzzTest {

    @FuzzTest(maxDuration = "2m")
    void a_transaction_comes_back_as_it_was(byte[] input) {
        Bytes bytes = Bytes.wrap(input);
        try {
            Transaction transaction = TransactionCodec.decode(bytes);
            assertThat(TransactionCodec.encode(transaction)).isEqualTo(bytes);
            for (Fork fork : Fork.values()) {
                assertThat(TransactionRules.violation(transaction, fork, UInt256.ONE)
                                .orElse("none"))
                        .isNotEmpty();
            }
        } catch (RlpException refused) {
            assertThat(refused).hasMessageMatching(".+");
        }
    }
}
