package io.engram.evm.interpreter;

import io.engram.evm.operation.HashCache;
import io.engram.evm.operation.OpcodeTable;
import io.engram.evm.state.Journal;
import io.engram.evm.state.JournalAccount;
import io.engram.evm.state.Limbs;
import io.engram.evm.tracer.Tracer;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.block.Log;
import io.engram.genesis.fork.Fork;
import java.util.Arrays;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * One message call in execution. The fields are public because the interpreters and the operations work on them
 * directly; everyone else reads only. Frames are pooled by depth and reused, so none may be kept. Used by one thread.
 *
 * <p>The stack is one array, four longs a word, the least significant first; {@link #sp} is the index of the next free
 * long. Behind the 1024 words lies scratch space for the operations. {@link #sp}, {@link #pc} and {@link #gas} are
 * current only while the interpreter is not running or as an operation or tracer is called that says so.
 */
public final class Frame {

    /** Where the scratch space starts in {@link #stack}. */
    public static final int SCRATCH = OpcodeTable.STACK_LIMIT * OpcodeTable.WORD;

    /** Longs of scratch space. */
    public static final int SCRATCH_SIZE = 64;

    /**
     * Bytes of memory at which a frame runs out of gas whatever it has: the most whole words that one array holds. The
     * gas price reaches 8.8·10^12 there, thousands of times what a block has.
     */
    public static final long MEMORY_LIMIT = (1L << 31) - 32;

    /** Bytes of memory or return data that a pooled frame keeps for the next call. */
    private static final int KEPT_BYTES = 1 << 16;

    private static final byte[] NO_BYTES = new byte[0];
    private static final int[] ALWAYS_UNUSUAL = new int[256];

    static {
        Arrays.fill(ALWAYS_UNUSUAL, Integer.MAX_VALUE);
    }

    public final long[] stack = new long[SCRATCH + SCRATCH_SIZE];
    public int sp;
    public int pc;
    public long gas;

    public byte[] memory = NO_BYTES;

    /** Bytes of memory in use, a multiple of 32; beyond them the array holds rubbish. */
    public int memorySize;

    /** Gas charged for memory so far. */
    private long memoryGas;

    /** What the last call returned, {@link #returnSize} bytes from the start. */
    public byte[] returnData = NO_BYTES;

    public int returnSize;

    public Code code = Code.EMPTY;
    public byte[] input = NO_BYTES;
    public int inputOffset;
    public int inputSize;

    /** The opcode that made this frame. */
    public int kind;

    public int depth;
    public boolean isStatic;
    public Address caller = Address.ZERO;

    /** CALLVALUE, as a word. */
    public final long[] value = new long[4];

    public OpcodeTable table = OpcodeTable.of(Fork.FRONTIER);

    /** {@link OpcodeTable#in}, or an array that sends every instruction to {@link #unusual} for tracing. */
    public int[] need = ALWAYS_UNUSUAL;

    /** What runs in place of {@link #code}, once the fast interpreter has chosen to. */
    @Nullable
    DecodedCode decoded;

    /** Output of RETURN and REVERT: a range of memory. */
    public int outputOffset;

    public int outputSize;

    /** What the frame asks for when it halts with {@link Halt#CALL}. */
    public final CallRequest request = new CallRequest();

    /** Marks of the journal and of each extension where this frame began. */
    int mark;

    /** Gas when the frame began. */
    long startGas;

    int[] extensionMarks = new int[0];

    private @Nullable JournalAccount self;
    private @Nullable Machine machine;

    /** Gives a pooled frame back its starting state. */
    void reset(Machine owner, JournalAccount account, OpcodeTable opcodes, boolean traced) {
        machine = owner;
        self = account;
        table = opcodes;
        decoded = null;
        need = traced ? ALWAYS_UNUSUAL : opcodes.in();
        sp = 0;
        pc = 0;
        memorySize = 0;
        memoryGas = 0;
        returnSize = 0;
        outputOffset = 0;
        outputSize = 0;
        if (memory.length > KEPT_BYTES) {
            memory = NO_BYTES;
        }
        if (returnData.length > KEPT_BYTES) {
            returnData = NO_BYTES;
        }
    }

    /** The account whose storage and balance are in use; what ADDRESS pushes. */
    public JournalAccount self() {
        JournalAccount account = self;
        if (account == null) {
            throw new IllegalStateException("frame not started");
        }
        return account;
    }

    Machine machine() {
        Machine owner = machine;
        if (owner == null) {
            throw new IllegalStateException("frame not started");
        }
        return owner;
    }

    public Journal journal() {
        return machine().journal();
    }

    public HashCache hashes() {
        return machine().hashes();
    }

    public ExecutionContext context() {
        return machine().context();
    }

    /** Stores the registers of a running interpreter. */
    public void save(int newPc, int newSp, long newGas) {
        pc = newPc;
        sp = newSp;
        gas = newGas;
    }

    /**
     * Charges for and makes the expansion of memory to {@code offset + length}; nothing when {@code length} is 0.
     *
     * @param available gas left
     * @return gas left afterwards, or the negative of {@link Halt#OUT_OF_GAS}
     */
    public long expand(long offset, long length, long available) {
        if (length == 0) {
            return available;
        }
        if (offset > MEMORY_LIMIT || length > MEMORY_LIMIT || offset + length > MEMORY_LIMIT) {
            return -Halt.OUT_OF_GAS;
        }
        long end = offset + length;
        return end <= memorySize ? available : grow(end, available);
    }

    private long grow(long end, long available) {
        long words = (end + 31) >>> 5;
        long price = 3 * words + words * words / 512;
        long left = available - (price - memoryGas);
        if (left < 0) {
            return -Halt.OUT_OF_GAS;
        }
        memoryGas = price;
        int size = (int) (words << 5);
        if (size > memory.length) {
            int capacity = (int) Math.min(MEMORY_LIMIT, Math.max(size, Math.max(1024L, 2L * memory.length)));
            memory = Arrays.copyOf(memory, capacity);
        }
        Arrays.fill(memory, memorySize, size, (byte) 0);
        memorySize = size;
        return left;
    }

    /** Replaces the return data by {@code length} bytes of {@code source}. */
    public void setReturnData(byte[] source, int offset, int length) {
        if (returnData.length < length) {
            returnData = new byte[Math.max(length, Math.min(KEPT_BYTES, 2 * returnData.length))];
        }
        System.arraycopy(source, offset, returnData, 0, length);
        returnSize = length;
    }

    /**
     * Called by an interpreter before an instruction that fails its checks or that is traced.
     *
     * @return gas left after the instruction's fixed price, or the negative of a halt code
     */
    public long unusual(int op, int atPc, int atSp, long available) {
        Tracer tracer = machine().tracer();
        if (tracer.tracesSteps()) {
            save(atPc, atSp, available);
            tracer.step(this, op);
        }
        if (!table.isDefined(op)) {
            return -Halt.INVALID_OPCODE;
        }
        if (atSp < table.in()[op]) {
            return -Halt.STACK_UNDERFLOW;
        }
        if (atSp > table.room()[op]) {
            return -Halt.STACK_OVERFLOW;
        }
        long left = available - table.gas()[op];
        return left < 0 ? -Halt.OUT_OF_GAS : left;
    }

    /** Tells a tracer that the running account destroys itself. */
    public void traceSelfDestruct(Address beneficiary) {
        Tracer tracer = machine().tracer();
        if (tracer.tracesCalls()) {
            tracer.selfDestruct(self().address(), beneficiary, Wei.of(Limbs.toUInt256(self().balance(), 0)));
        }
    }

    /** Adds a log of the running account. */
    public void emit(List<Hash> topics, Bytes data) {
        Log log = new Log(self().address(), topics, data);
        journal().addLog(log);
        Tracer tracer = machine().tracer();
        if (tracer.tracesCalls()) {
            tracer.log(depth, log);
        }
    }

    /** Runs a contributed operation; {@link #sp} is current before and after. */
    public long extension(int op, long available) {
        return machine().extension(this, op, available);
    }
}
