package io.engram.evm.operation;

import io.engram.evm.extension.ExtensionOperation;
import io.engram.evm.extension.OperationSet;
import io.engram.genesis.fork.Fork;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What each opcode of a fork takes from the stack, puts there and costs, and the prices and rules that depend on the
 * fork. A table is the table of the fork before plus that fork's EIPs, each one method. Immutable once built.
 */
public final class OpcodeTable {

    /** Words on the stack of a frame. */
    public static final int STACK_LIMIT = 1024;

    /** Longs of one stack word. */
    public static final int WORD = 4;

    /** How SSTORE is priced. */
    public enum StorePricing {
        /** By the change from the present to the new value. */
        SIMPLE,
        /** EIP-1283: by original, present and new value. */
        NET,
        /** EIP-2200: as EIP-1283, refused at or below the call stipend. */
        NET_WITH_SENTRY
    }

    private static final Map<Fork, OpcodeTable> TABLES = buildAll();

    private final int[] gas;
    private final int[] in;
    private final int[] out;
    private final int[] room;
    private final String[] names;
    private final @Nullable ExtensionOperation[] extensions;
    private final int[] extensionSet;
    private String id;

    private int expByte = 10;
    private int logByte = 8;
    private StorePricing storePricing = StorePricing.SIMPLE;
    private int storeSame = 5000;
    private int storeSet = 20000;
    private int storeReset = 5000;
    private int storeClearRefund = 15000;
    private int coldAccount;
    private int coldSlot;
    private int warmAccess;
    private boolean accessLists;
    private boolean retainsGas;
    private boolean chargesNewBeneficiary;
    private int destructRefund = 24000;
    private boolean emptyRemoval;
    private boolean depositMustBePaid;
    private int creationGas;
    private int codeLimit = Integer.MAX_VALUE;
    private int initCodeLimit = Integer.MAX_VALUE;
    private int initCodeWord;
    private boolean refusesEf;
    private boolean warmCoinbase;
    private boolean destroysOnlyNew;
    private boolean delegation;
    private int dataByte = 68;
    private int refundQuotient = 2;
    private int floorToken;
    private long transactionGasLimit = Long.MAX_VALUE;
    private int transactionBlobLimit = Integer.MAX_VALUE;

    private OpcodeTable(String id) {
        this.id = id;
        gas = new int[256];
        in = new int[256];
        out = new int[256];
        room = new int[256];
        names = new String[256];
        extensions = new ExtensionOperation[256];
        extensionSet = new int[256];
        Arrays.fill(in, Integer.MAX_VALUE);
        for (int op = 0; op < 256; op++) {
            names[op] = "opcode 0x" + (op < 16 ? "0" : "") + Integer.toHexString(op) + " not defined";
        }
    }

    private OpcodeTable(String id, OpcodeTable parent) {
        this.id = id;
        gas = parent.gas.clone();
        in = parent.in.clone();
        out = parent.out.clone();
        room = parent.room.clone();
        names = parent.names.clone();
        extensions = parent.extensions.clone();
        extensionSet = parent.extensionSet.clone();
        expByte = parent.expByte;
        logByte = parent.logByte;
        storePricing = parent.storePricing;
        storeSame = parent.storeSame;
        storeSet = parent.storeSet;
        storeReset = parent.storeReset;
        storeClearRefund = parent.storeClearRefund;
        coldAccount = parent.coldAccount;
        coldSlot = parent.coldSlot;
        warmAccess = parent.warmAccess;
        accessLists = parent.accessLists;
        retainsGas = parent.retainsGas;
        chargesNewBeneficiary = parent.chargesNewBeneficiary;
        destructRefund = parent.destructRefund;
        emptyRemoval = parent.emptyRemoval;
        depositMustBePaid = parent.depositMustBePaid;
        creationGas = parent.creationGas;
        codeLimit = parent.codeLimit;
        initCodeLimit = parent.initCodeLimit;
        initCodeWord = parent.initCodeWord;
        refusesEf = parent.refusesEf;
        warmCoinbase = parent.warmCoinbase;
        destroysOnlyNew = parent.destroysOnlyNew;
        delegation = parent.delegation;
        dataByte = parent.dataByte;
        refundQuotient = parent.refundQuotient;
        floorToken = parent.floorToken;
        transactionGasLimit = parent.transactionGasLimit;
        transactionBlobLimit = parent.transactionBlobLimit;
    }

    /** The table of Ethereum's own opcodes at a fork. */
    public static OpcodeTable of(Fork fork) {
        OpcodeTable table = TABLES.get(fork);
        if (table == null) {
            throw new IllegalStateException("no table for " + fork);
        }
        return table;
    }

    /**
     * This table with contributed operations.
     *
     * @throws IllegalArgumentException when an opcode is taken
     */
    public OpcodeTable with(List<OperationSet> sets) {
        if (sets.isEmpty()) {
            return this;
        }
        OpcodeTable table = new OpcodeTable(id, this);
        for (int i = 0; i < sets.size(); i++) {
            OperationSet set = sets.get(i);
            table.id += "+" + set.id();
            for (ExtensionOperation operation : set.operations()) {
                int op = operation.opcode();
                if (table.isDefined(op) || op == Opcode.INVALID) {
                    throw new IllegalArgumentException(
                            "opcode 0x%02x of %s is taken by %s".formatted(op, operation.mnemonic(), table.names[op]));
                }
                table.define(op, operation.mnemonic(), operation.stackIn(), operation.stackOut(), 0);
                table.extensions[op] = operation;
                table.extensionSet[op] = i;
            }
        }
        return table;
    }

    private static Map<Fork, OpcodeTable> buildAll() {
        Map<Fork, OpcodeTable> tables = new EnumMap<>(Fork.class);
        OpcodeTable parent = frontier();
        for (Fork fork : Fork.values()) {
            OpcodeTable table = new OpcodeTable(fork.name(), parent);
            table.activate(fork);
            tables.put(fork, table);
            parent = table;
        }
        return tables;
    }

    private void activate(Fork fork) {
        switch (fork) {
            case FRONTIER -> {}
            case PARIS -> eip4399();
            case HOMESTEAD -> {
                eip2();
                eip7();
            }
            case TANGERINE_WHISTLE -> eip150();
            case SPURIOUS_DRAGON -> {
                eip160();
                eip161();
                eip170();
            }
            case BYZANTIUM -> {
                eip140();
                eip211();
                eip214();
            }
            case CONSTANTINOPLE -> {
                eip145();
                eip1014();
                eip1052();
                eip1283();
            }
            case PETERSBURG -> eip1716();
            case ISTANBUL -> {
                eip1344();
                eip1884();
                eip2028();
                eip2200();
            }
            case BERLIN -> eip2929();
            case LONDON -> {
                eip3198();
                eip3529();
                eip3541();
            }
            case SHANGHAI -> {
                eip3651();
                eip3855();
                eip3860();
            }
            case CANCUN -> {
                eip1153();
                eip4844();
                eip5656();
                eip6780();
                eip7516();
            }
            case PRAGUE -> {
                eip7623();
                eip7702();
            }
            case OSAKA -> {
                eip7594();
                eip7825();
                eip7939();
            }
        }
    }

    private void define(int op, String name, int stackIn, int stackOut, int price) {
        names[op] = name;
        gas[op] = price;
        in[op] = stackIn * WORD;
        out[op] = stackOut * WORD;
        room[op] = (STACK_LIMIT - Math.max(0, stackOut - stackIn)) * WORD;
    }

    private static OpcodeTable frontier() {
        OpcodeTable t = new OpcodeTable("");
        t.define(Opcode.STOP, "STOP", 0, 0, 0);
        t.define(Opcode.ADD, "ADD", 2, 1, 3);
        t.define(Opcode.MUL, "MUL", 2, 1, 5);
        t.define(Opcode.SUB, "SUB", 2, 1, 3);
        t.define(Opcode.DIV, "DIV", 2, 1, 5);
        t.define(Opcode.SDIV, "SDIV", 2, 1, 5);
        t.define(Opcode.MOD, "MOD", 2, 1, 5);
        t.define(Opcode.SMOD, "SMOD", 2, 1, 5);
        t.define(Opcode.ADDMOD, "ADDMOD", 3, 1, 8);
        t.define(Opcode.MULMOD, "MULMOD", 3, 1, 8);
        t.define(Opcode.EXP, "EXP", 2, 1, 10);
        t.define(Opcode.SIGNEXTEND, "SIGNEXTEND", 2, 1, 5);
        t.define(Opcode.LT, "LT", 2, 1, 3);
        t.define(Opcode.GT, "GT", 2, 1, 3);
        t.define(Opcode.SLT, "SLT", 2, 1, 3);
        t.define(Opcode.SGT, "SGT", 2, 1, 3);
        t.define(Opcode.EQ, "EQ", 2, 1, 3);
        t.define(Opcode.ISZERO, "ISZERO", 1, 1, 3);
        t.define(Opcode.AND, "AND", 2, 1, 3);
        t.define(Opcode.OR, "OR", 2, 1, 3);
        t.define(Opcode.XOR, "XOR", 2, 1, 3);
        t.define(Opcode.NOT, "NOT", 1, 1, 3);
        t.define(Opcode.BYTE, "BYTE", 2, 1, 3);
        t.define(Opcode.KECCAK256, "KECCAK256", 2, 1, 30);
        t.define(Opcode.ADDRESS, "ADDRESS", 0, 1, 2);
        t.define(Opcode.BALANCE, "BALANCE", 1, 1, 20);
        t.define(Opcode.ORIGIN, "ORIGIN", 0, 1, 2);
        t.define(Opcode.CALLER, "CALLER", 0, 1, 2);
        t.define(Opcode.CALLVALUE, "CALLVALUE", 0, 1, 2);
        t.define(Opcode.CALLDATALOAD, "CALLDATALOAD", 1, 1, 3);
        t.define(Opcode.CALLDATASIZE, "CALLDATASIZE", 0, 1, 2);
        t.define(Opcode.CALLDATACOPY, "CALLDATACOPY", 3, 0, 3);
        t.define(Opcode.CODESIZE, "CODESIZE", 0, 1, 2);
        t.define(Opcode.CODECOPY, "CODECOPY", 3, 0, 3);
        t.define(Opcode.GASPRICE, "GASPRICE", 0, 1, 2);
        t.define(Opcode.EXTCODESIZE, "EXTCODESIZE", 1, 1, 20);
        t.define(Opcode.EXTCODECOPY, "EXTCODECOPY", 4, 0, 20);
        t.define(Opcode.BLOCKHASH, "BLOCKHASH", 1, 1, 20);
        t.define(Opcode.COINBASE, "COINBASE", 0, 1, 2);
        t.define(Opcode.TIMESTAMP, "TIMESTAMP", 0, 1, 2);
        t.define(Opcode.NUMBER, "NUMBER", 0, 1, 2);
        t.define(Opcode.DIFFICULTY, "DIFFICULTY", 0, 1, 2);
        t.define(Opcode.GASLIMIT, "GASLIMIT", 0, 1, 2);
        t.define(Opcode.POP, "POP", 1, 0, 2);
        t.define(Opcode.MLOAD, "MLOAD", 1, 1, 3);
        t.define(Opcode.MSTORE, "MSTORE", 2, 0, 3);
        t.define(Opcode.MSTORE8, "MSTORE8", 2, 0, 3);
        t.define(Opcode.SLOAD, "SLOAD", 1, 1, 50);
        t.define(Opcode.SSTORE, "SSTORE", 2, 0, 0);
        t.define(Opcode.JUMP, "JUMP", 1, 0, 8);
        t.define(Opcode.JUMPI, "JUMPI", 2, 0, 10);
        t.define(Opcode.PC, "PC", 0, 1, 2);
        t.define(Opcode.MSIZE, "MSIZE", 0, 1, 2);
        t.define(Opcode.GAS, "GAS", 0, 1, 2);
        t.define(Opcode.JUMPDEST, "JUMPDEST", 0, 0, 1);
        t.define(Opcode.CREATE, "CREATE", 3, 1, 32000);
        t.define(Opcode.CALL, "CALL", 7, 1, 40);
        t.define(Opcode.CALLCODE, "CALLCODE", 7, 1, 40);
        t.define(Opcode.RETURN, "RETURN", 2, 0, 0);
        t.define(Opcode.SELFDESTRUCT, "SELFDESTRUCT", 1, 0, 0);
        for (int n = 1; n <= 32; n++) {
            t.define(Opcode.PUSH1 + n - 1, "PUSH" + n, 0, 1, 3);
        }
        for (int n = 1; n <= 16; n++) {
            t.define(Opcode.DUP1 + n - 1, "DUP" + n, n, n + 1, 3);
            t.define(Opcode.SWAP1 + n - 1, "SWAP" + n, n + 1, n + 1, 3);
        }
        for (int n = 0; n <= 4; n++) {
            t.define(Opcode.LOG0 + n, "LOG" + n, n + 2, 0, 375 * (n + 1));
        }
        t.names[Opcode.INVALID] = "INVALID";
        return t;
    }

    /** Homestead: a creation that cannot pay for its code fails; a creating transaction costs more. */
    private void eip2() {
        depositMustBePaid = true;
        creationGas = 32000;
    }

    /** DELEGATECALL. */
    private void eip7() {
        define(Opcode.DELEGATECALL, "DELEGATECALL", 6, 1, 40);
    }

    /** Dearer state access, and a 64th of the gas stays with the caller. */
    private void eip150() {
        gas[Opcode.EXTCODESIZE] = 700;
        gas[Opcode.EXTCODECOPY] = 700;
        gas[Opcode.BALANCE] = 400;
        gas[Opcode.SLOAD] = 200;
        gas[Opcode.CALL] = 700;
        gas[Opcode.CALLCODE] = 700;
        gas[Opcode.DELEGATECALL] = 700;
        gas[Opcode.SELFDESTRUCT] = 5000;
        chargesNewBeneficiary = true;
        retainsGas = true;
    }

    /** EXP by the byte. */
    private void eip160() {
        expByte = 50;
    }

    /** Empty accounts go away; contracts start at nonce 1. */
    private void eip161() {
        emptyRemoval = true;
    }

    /** Limit on the size of code. */
    private void eip170() {
        codeLimit = 0x6000;
    }

    /** REVERT. */
    private void eip140() {
        define(Opcode.REVERT, "REVERT", 2, 0, 0);
    }

    /** Return data. */
    private void eip211() {
        define(Opcode.RETURNDATASIZE, "RETURNDATASIZE", 0, 1, 2);
        define(Opcode.RETURNDATACOPY, "RETURNDATACOPY", 3, 0, 3);
    }

    /** STATICCALL. */
    private void eip214() {
        define(Opcode.STATICCALL, "STATICCALL", 6, 1, 700);
    }

    /** Shifts. */
    private void eip145() {
        define(Opcode.SHL, "SHL", 2, 1, 3);
        define(Opcode.SHR, "SHR", 2, 1, 3);
        define(Opcode.SAR, "SAR", 2, 1, 3);
    }

    /** CREATE2. */
    private void eip1014() {
        define(Opcode.CREATE2, "CREATE2", 4, 1, 32000);
    }

    /** EXTCODEHASH. */
    private void eip1052() {
        define(Opcode.EXTCODEHASH, "EXTCODEHASH", 1, 1, 400);
    }

    /** Net storage pricing, first form. */
    private void eip1283() {
        storePricing = StorePricing.NET;
        storeSame = 200;
    }

    /** Petersburg: takes EIP-1283 back. */
    private void eip1716() {
        storePricing = StorePricing.SIMPLE;
        storeSame = 5000;
    }

    /** CHAINID. */
    private void eip1344() {
        define(Opcode.CHAINID, "CHAINID", 0, 1, 2);
    }

    /** Dearer trie access, SELFBALANCE. */
    private void eip1884() {
        gas[Opcode.SLOAD] = 800;
        gas[Opcode.BALANCE] = 700;
        gas[Opcode.EXTCODEHASH] = 700;
        define(Opcode.SELFBALANCE, "SELFBALANCE", 0, 1, 5);
    }

    /** Cheaper call data. */
    private void eip2028() {
        dataByte = 16;
    }

    /** Net storage pricing, second form. */
    private void eip2200() {
        storePricing = StorePricing.NET_WITH_SENTRY;
        storeSame = 800;
    }

    /** Warm and cold accounts and slots. */
    private void eip2929() {
        accessLists = true;
        coldAccount = 2600;
        coldSlot = 2100;
        warmAccess = 100;
        storeSame = 100;
        storeReset = 2900;
        gas[Opcode.SLOAD] = 100;
        gas[Opcode.BALANCE] = 100;
        gas[Opcode.EXTCODESIZE] = 100;
        gas[Opcode.EXTCODECOPY] = 100;
        gas[Opcode.EXTCODEHASH] = 100;
        gas[Opcode.CALL] = 100;
        gas[Opcode.CALLCODE] = 100;
        gas[Opcode.DELEGATECALL] = 100;
        gas[Opcode.STATICCALL] = 100;
    }

    /** BASEFEE. */
    private void eip3198() {
        define(Opcode.BASEFEE, "BASEFEE", 0, 1, 2);
    }

    /** Smaller refunds. */
    private void eip3529() {
        destructRefund = 0;
        storeClearRefund = 4800;
        refundQuotient = 5;
    }

    /** No new code that starts with 0xef. */
    private void eip3541() {
        refusesEf = true;
    }

    /** PREVRANDAO. */
    private void eip4399() {
        names[Opcode.DIFFICULTY] = "PREVRANDAO";
    }

    /** Warm COINBASE. */
    private void eip3651() {
        warmCoinbase = true;
    }

    /** PUSH0. */
    private void eip3855() {
        define(Opcode.PUSH0, "PUSH0", 0, 1, 2);
    }

    /** Init code is limited and metered. */
    private void eip3860() {
        initCodeLimit = 2 * 0x6000;
        initCodeWord = 2;
    }

    /** Transient storage. */
    private void eip1153() {
        define(Opcode.TLOAD, "TLOAD", 1, 1, 100);
        define(Opcode.TSTORE, "TSTORE", 2, 0, 100);
    }

    /** BLOBHASH. */
    private void eip4844() {
        define(Opcode.BLOBHASH, "BLOBHASH", 1, 1, 3);
    }

    /** MCOPY. */
    private void eip5656() {
        define(Opcode.MCOPY, "MCOPY", 3, 0, 3);
    }

    /** SELFDESTRUCT removes only what the same transaction created. */
    private void eip6780() {
        destroysOnlyNew = true;
    }

    /** BLOBBASEFEE. */
    private void eip7516() {
        define(Opcode.BLOBBASEFEE, "BLOBBASEFEE", 0, 1, 2);
    }

    /** A floor on the price of call data. */
    private void eip7623() {
        floorToken = 10;
    }

    /** Accounts that delegate to code. */
    private void eip7702() {
        delegation = true;
    }

    /** At most six blobs a transaction. */
    private void eip7594() {
        transactionBlobLimit = 6;
    }

    /** Limit on a transaction's gas. */
    private void eip7825() {
        transactionGasLimit = 1L << 24;
    }

    /** CLZ. */
    private void eip7939() {
        define(Opcode.CLZ, "CLZ", 1, 1, 5);
    }

    // What the interpreter reads

    /** Distinguishes tables with different behaviour. */
    public String id() {
        return id;
    }

    /** Gas charged before each opcode runs; the array itself, read only. */
    public int[] gas() {
        return gas;
    }

    /** Longs an opcode needs on the stack; {@link Integer#MAX_VALUE} for an undefined one. The array itself, read only. */
    public int[] in() {
        return in;
    }

    /** Longs an opcode leaves in the place of those it needs. The array itself, read only. */
    public int[] out() {
        return out;
    }

    /** Longs that may be on the stack before an opcode. The array itself, read only. */
    public int[] room() {
        return room;
    }

    public boolean isDefined(int op) {
        return in[op] != Integer.MAX_VALUE;
    }

    public String name(int op) {
        return names[op];
    }

    public boolean isExtension(int op) {
        return extensions[op] != null;
    }

    /** The contributed operation, for an opcode that is defined and none of Ethereum's. */
    public ExtensionOperation extension(int op) {
        ExtensionOperation extension = extensions[op];
        if (extension == null) {
            throw new IllegalArgumentException("opcode " + op + " is not contributed");
        }
        return extension;
    }

    /** Which of the sets given to {@link #with} an extension opcode belongs to. */
    public int extensionSet(int op) {
        return extensionSet[op];
    }

    public int expByte() {
        return expByte;
    }

    public int logByte() {
        return logByte;
    }

    public StorePricing storePricing() {
        return storePricing;
    }

    public int storeSame() {
        return storeSame;
    }

    public int storeSet() {
        return storeSet;
    }

    public int storeReset() {
        return storeReset;
    }

    public int storeClearRefund() {
        return storeClearRefund;
    }

    public int coldAccount() {
        return coldAccount;
    }

    public int coldSlot() {
        return coldSlot;
    }

    public int warmAccess() {
        return warmAccess;
    }

    /** Whether accounts and slots are warm or cold (EIP-2929). */
    public boolean accessLists() {
        return accessLists;
    }

    /** Whether a caller keeps a 64th of its gas (EIP-150). */
    public boolean retainsGas() {
        return retainsGas;
    }

    public boolean chargesNewBeneficiary() {
        return chargesNewBeneficiary;
    }

    public int destructRefund() {
        return destructRefund;
    }

    /** Whether empty accounts are removed and contracts start at nonce 1 (EIP-161). */
    public boolean emptyRemoval() {
        return emptyRemoval;
    }

    public boolean depositMustBePaid() {
        return depositMustBePaid;
    }

    /** What a creating transaction costs on top. */
    public int creationGas() {
        return creationGas;
    }

    public int codeLimit() {
        return codeLimit;
    }

    public int initCodeLimit() {
        return initCodeLimit;
    }

    /** Gas for each 32 bytes of init code. */
    public int initCodeWord() {
        return initCodeWord;
    }

    public boolean refusesEf() {
        return refusesEf;
    }

    public boolean warmCoinbase() {
        return warmCoinbase;
    }

    public boolean destroysOnlyNew() {
        return destroysOnlyNew;
    }

    /** Whether accounts may delegate to code (EIP-7702). */
    public boolean delegation() {
        return delegation;
    }

    /** Gas for each non-zero byte of a transaction's data. */
    public int dataByte() {
        return dataByte;
    }

    /** The refund is at most the gas used divided by this. */
    public int refundQuotient() {
        return refundQuotient;
    }

    /** Floor price of a data token, 0 where there is no floor. */
    public int floorToken() {
        return floorToken;
    }

    public long transactionGasLimit() {
        return transactionGasLimit;
    }

    public int transactionBlobLimit() {
        return transactionBlobLimit;
    }
}
