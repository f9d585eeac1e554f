package io.engram.evm.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.engram.evm.extension.ExtensionFrame;
import io.engram.evm.extension.ExtensionOperation;
import io.engram.evm.extension.OperationSet;
import io.engram.evm.extension.TransactionExtension;
import io.engram.evm.extension.TransactionScope;
import io.engram.genesis.fork.Fork;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpcodeTableTest {

    private static final List<Fork> FORKS = List.of(Fork.values());

    /** Every opcode and every named rule in which two tables differ. */
    private static Set<String> difference(OpcodeTable a, OpcodeTable b) throws IllegalAccessException {
        Set<String> different = new TreeSet<>();
        for (int op = 0; op < 256; op++) {
            if (a.gas()[op] != b.gas()[op]
                    || a.in()[op] != b.in()[op]
                    || a.room()[op] != b.room()[op]
                    || !a.name(op).equals(b.name(op))) {
                different.add(b.name(op));
            }
        }
        for (Field field : OpcodeTable.class.getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers())
                    && !field.getType().isArray()
                    && !field.getName().equals("id")) {
                field.setAccessible(true);
                if (!field.get(a).equals(field.get(b))) {
                    different.add(field.getName());
                }
            }
        }
        return different;
    }

    @ParameterizedTest
    @CsvSource({
        "HOMESTEAD, DELEGATECALL creationGas depositMustBePaid",
        "TANGERINE_WHISTLE, BALANCE CALL CALLCODE DELEGATECALL EXTCODECOPY EXTCODESIZE SELFDESTRUCT SLOAD"
                + " chargesNewBeneficiary retainsGas",
        "SPURIOUS_DRAGON, codeLimit emptyRemoval expByte",
        "BYZANTIUM, RETURNDATACOPY RETURNDATASIZE REVERT STATICCALL",
        "CONSTANTINOPLE, CREATE2 EXTCODEHASH SAR SHL SHR storePricing storeSame",
        "PETERSBURG, storePricing storeSame",
        "ISTANBUL, BALANCE CHAINID EXTCODEHASH SELFBALANCE SLOAD dataByte storePricing storeSame",
        "BERLIN, BALANCE CALL CALLCODE DELEGATECALL EXTCODECOPY EXTCODEHASH EXTCODESIZE SLOAD STATICCALL"
                + " accessLists coldAccount coldSlot storeReset storeSame warmAccess",
        "LONDON, BASEFEE destructRefund refundQuotient refusesEf storeClearRefund",
        "PARIS, PREVRANDAO",
        "SHANGHAI, PUSH0 initCodeLimit initCodeWord warmCoinbase",
        "CANCUN, BLOBBASEFEE BLOBHASH MCOPY TLOAD TSTORE destroysOnlyNew",
        "PRAGUE, delegation floorToken",
        "OSAKA, CLZ transactionBlobLimit transactionGasLimit"
    })
    void a_fork_differs_from_the_one_before_in_its_eips_only(Fork fork, String expected) throws Exception {
        OpcodeTable before = OpcodeTable.of(FORKS.get(FORKS.indexOf(fork) - 1));

        assertThat(difference(before, OpcodeTable.of(fork))).containsExactlyInAnyOrder(expected.split(" "));
    }

    @Test
    void frontier_has_129_opcodes() {
        OpcodeTable table = OpcodeTable.of(Fork.FRONTIER);
        long defined = 0;
        for (int op = 0; op < 256; op++) {
            defined += table.isDefined(op) ? 1 : 0;
        }
        assertThat(defined).isEqualTo(129);
    }

    @Test
    void a_contributed_opcode_that_is_taken_is_refused() {
        assertThatThrownBy(() -> OpcodeTable.of(Fork.OSAKA).with(List.of(new Noop(Opcode.CLZ))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("CLZ");
        assertThatThrownBy(() -> OpcodeTable.of(Fork.OSAKA).with(List.of(new Noop(0xc0), new Noop(0xc0))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> OpcodeTable.of(Fork.OSAKA).with(List.of(new Noop(Opcode.INVALID))))
                .isInstanceOf(IllegalArgumentException.class);
        OpcodeTable table = OpcodeTable.of(Fork.OSAKA).with(List.of(new Noop(0xc0)));
        assertThat(table.isDefined(0xc0)).isTrue();
        assertThat(table.id()).isEqualTo("OSAKA+noop");
        assertThat(OpcodeTable.of(Fork.OSAKA).isDefined(0xc0)).isFalse();
    }

    /** A set with one operation that does nothing. */
    private record Noop(int opcode) implements OperationSet, ExtensionOperation {

        @Override
        public String id() {
            return "noop";
        }

        @Override
        public List<ExtensionOperation> operations() {
            return List.of(this);
        }

        @Override
        public TransactionExtension begin(TransactionScope scope) {
            throw new UnsupportedOperationException("not run");
        }

        @Override
        public String mnemonic() {
            return "NOOP";
        }

        @Override
        public int stackIn() {
            return 0;
        }

        @Override
        public int stackOut() {
            return 0;
        }

        @Override
        public Outcome execute(ExtensionFrame frame) {
            return Outcome.CONTINUE;
        }
    }
}
