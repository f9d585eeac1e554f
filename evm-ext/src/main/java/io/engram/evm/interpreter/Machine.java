package io.engram.evm.interpreter;

import io.engram.evm.extension.ExtensionOperation;
import io.engram.evm.extension.TransactionExtension;
import io.engram.evm.operation.HashCache;
import io.engram.evm.operation.Opcode;
import io.engram.evm.operation.OpcodeTable;
import io.engram.evm.precompile.Precompile;
import io.engram.evm.state.Journal;
import io.engram.evm.state.JournalAccount;
import io.engram.evm.state.Limbs;
import io.engram.evm.tracer.CallEnd;
import io.engram.evm.tracer.CallStart;
import io.engram.evm.tracer.Tracer;
import io.engram.evm.word.Words;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.crypto.Keccak256;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/**
 * Executes one message call with all calls below it: starts frames, hands them to the interpreter and joins results.
 * Nested calls take no space on the Java stack. Used by one thread.
 */
public final class Machine {

    /** Message calls within the outermost one. */
    public static final int MAX_DEPTH = 1024;

    private static final int DEPOSIT_GAS = 200;
    private static final byte[] NO_BYTES = new byte[0];

    private final Interpreter interpreter;
    private final OpcodeTable table;
    private final Map<Address, Precompile> precompiles;
    private final FrameStack frames;
    private final ExecutionContext context;
    private final Journal journal;
    private final Tracer tracer;
    private final List<TransactionExtension> extensions;
    private final FrameView view = new FrameView();

    private int outermostHalt;
    private int excludedBy = -1;

    /** @param extensions one for each operation set of {@code table}, in its order */
    public Machine(
            Interpreter interpreter,
            OpcodeTable table,
            Map<Address, Precompile> precompiles,
            FrameStack frames,
            ExecutionContext context,
            Journal journal,
            Tracer tracer,
            List<TransactionExtension> extensions) {
        this.interpreter = interpreter;
        this.table = table;
        this.precompiles = precompiles;
        this.frames = frames;
        this.context = context;
        this.journal = journal;
        this.tracer = tracer;
        this.extensions = List.copyOf(extensions);
    }

    public Journal journal() {
        return journal;
    }

    public ExecutionContext context() {
        return context;
    }

    HashCache hashes() {
        return frames.hashes();
    }

    public Tracer tracer() {
        return tracer;
    }

    /** Which extension demanded that the transaction be left out, after a call halted so. */
    public TransactionExtension excludedBy() {
        return extensions.get(excludedBy);
    }

    /**
     * Calls an account.
     *
     * @param delegate code to run instead of the account's own (EIP-7702)
     */
    public CallResult call(
            JournalAccount caller,
            JournalAccount target,
            Optional<Code> delegate,
            long[] value,
            byte[] input,
            long gas) {
        Frame root = root(caller, Opcode.CALL, value, input, gas);
        root.request.target = target;
        root.request.delegate = delegate.orElse(null);
        return execute(root);
    }

    /** Creates a contract; the creator's nonce has been raised already. */
    public CallResult create(JournalAccount creator, long[] value, byte[] initCode, long gas) {
        return execute(root(creator, Opcode.CREATE, value, initCode, gas));
    }

    private Frame root(JournalAccount caller, int kind, long[] value, byte[] input, long gas) {
        Frame root = frames.root();
        root.reset(this, caller, table, false);
        root.depth = -1;
        root.isStatic = false;
        root.gas = 0;
        root.memory = input;
        CallRequest request = root.request;
        request.kind = kind;
        request.gas = gas;
        System.arraycopy(value, 0, request.value, 0, 4);
        request.target = null;
        request.delegate = null;
        request.inputOffset = 0;
        request.inputSize = input.length;
        request.outputOffset = 0;
        request.outputSize = 0;
        return root;
    }

    private CallResult execute(Frame root) {
        Frame current = begin(root);
        while (current != root) {
            int halt = interpreter.run(current);
            if (halt == Halt.CALL) {
                current = begin(current);
            } else if (halt == Halt.EXCLUDE_TRANSACTION) {
                outermostHalt = halt;
                return new CallResult(halt, 0, Bytes.EMPTY);
            } else {
                current = finish(current, halt);
            }
        }
        Bytes output = Bytes.wrap(Arrays.copyOf(root.returnData, root.returnSize));
        root.memory = NO_BYTES;
        frames.trim();
        return new CallResult(outermostHalt, root.gas, output);
    }

    // Starting

    /** Starts what the frame asks for. @return the frame to run next: the new one, or the asking one if that was all */
    private Frame begin(Frame parent) {
        CallRequest request = parent.request;
        return request.kind == Opcode.CREATE || request.kind == Opcode.CREATE2
                ? beginCreation(parent, request)
                : beginCall(parent, request);
    }

    private Frame beginCall(Frame parent, CallRequest request) {
        JournalAccount target = request.target;
        if (target == null) {
            throw new IllegalStateException("a call without target");
        }
        int kind = request.kind;
        if (tracer.tracesCalls()) {
            traceEnter(parent, target.address());
        }
        boolean sends = !Words.isZero(request.value, 0);
        if (parent.depth >= MAX_DEPTH) {
            return conclude(parent, Halt.CALL_TOO_DEEP, request.gas, NO_BYTES, 0, 0);
        }
        if (sends && !Journal.covers(parent.self(), request.value, 0)) {
            return conclude(parent, Halt.INSUFFICIENT_BALANCE, request.gas, NO_BYTES, 0, 0);
        }
        int mark = journal.checkpoint();
        if (kind == Opcode.CALL && sends) {
            transfer(parent.self(), target, request.value);
        } else if (kind == Opcode.CALL || kind == Opcode.STATICCALL) {
            if (target.exists()) {
                journal.touch(target);
            } else if (!table.emptyRemoval()) {
                journal.create(target);
            }
        }
        Precompile precompile = precompiles.get(target.address());
        if (precompile != null) {
            return runPrecompile(parent, precompile, mark);
        }
        Code delegate = request.delegate;
        Code code = delegate != null ? delegate : target.code();
        if (code.size() == 0) {
            return conclude(parent, Halt.STOP, request.gas, NO_BYTES, 0, 0);
        }
        boolean keepsSelf = kind == Opcode.CALLCODE || kind == Opcode.DELEGATECALL;
        Frame frame = open(parent, keepsSelf ? parent.self() : target, code, mark);
        frame.isStatic = parent.isStatic || kind == Opcode.STATICCALL;
        frame.input = parent.memory;
        frame.inputOffset = request.inputOffset;
        frame.inputSize = request.inputSize;
        if (kind == Opcode.DELEGATECALL) {
            frame.caller = parent.caller;
            System.arraycopy(parent.value, 0, frame.value, 0, 4);
        } else {
            frame.caller = parent.self().address();
            System.arraycopy(request.value, 0, frame.value, 0, 4);
        }
        return frame;
    }

    private Frame open(Frame parent, JournalAccount self, Code code, int mark) {
        Frame frame = frames.at(parent.depth + 1);
        frame.reset(this, self, table, tracer.tracesSteps());
        frame.depth = parent.depth + 1;
        frame.kind = parent.request.kind;
        frame.code = code;
        frame.gas = parent.request.gas;
        frame.startGas = frame.gas;
        frame.mark = mark;
        int count = extensions.size();
        if (frame.extensionMarks.length != count) {
            frame.extensionMarks = new int[count];
        }
        for (int i = 0; i < count; i++) {
            frame.extensionMarks[i] = extensions.get(i).checkpoint();
        }
        return frame;
    }

    private void transfer(JournalAccount from, JournalAccount to, long[] value) {
        journal.subtractBalance(from, value, 0);
        journal.addBalance(to, value, 0);
    }

    private Frame runPrecompile(Frame parent, Precompile precompile, int mark) {
        CallRequest request = parent.request;
        byte[] input = Arrays.copyOfRange(parent.memory, request.inputOffset, request.inputOffset + request.inputSize);
        long left = request.gas - precompile.gas(input);
        if (left < 0) {
            journal.revertTo(mark);
            return conclude(parent, Halt.OUT_OF_GAS, 0, NO_BYTES, 0, 0);
        }
        Optional<byte[]> output = precompile.run(input);
        if (output.isEmpty()) {
            journal.revertTo(mark);
            return conclude(parent, Halt.PRECOMPILE_FAILED, 0, NO_BYTES, 0, 0);
        }
        return conclude(parent, Halt.STOP, left, output.get(), 0, output.get().length);
    }

    private Frame beginCreation(Frame parent, CallRequest request) {
        JournalAccount creator = parent.self();
        boolean outermost = parent.depth < 0;
        byte[] initCode =
                Arrays.copyOfRange(parent.memory, request.inputOffset, request.inputOffset + request.inputSize);
        long nonce = outermost ? creator.nonce() - 1 : creator.nonce();
        Address address = request.kind == Opcode.CREATE
                ? ContractAddress.of(creator.address(), nonce)
                : ContractAddress.of(creator.address(), salt(request), Keccak256.hash(initCode));
        if (tracer.tracesCalls()) {
            traceEnter(parent, address);
        }
        if (parent.depth >= MAX_DEPTH) {
            return conclude(parent, Halt.CALL_TOO_DEEP, request.gas, NO_BYTES, 0, 0);
        }
        if (!Journal.covers(creator, request.value, 0)) {
            return conclude(parent, Halt.INSUFFICIENT_BALANCE, request.gas, NO_BYTES, 0, 0);
        }
        if (!outermost) {
            if (nonce == -1) {
                return conclude(parent, Halt.NONCE_OVERFLOW, request.gas, NO_BYTES, 0, 0);
            }
            journal.setNonce(creator, nonce + 1);
        }
        JournalAccount account = journal.at(address);
        if (table.accessLists()) {
            journal.warm(account);
        }
        if (account.nonce() != 0 || account.hasCode() || journal.hasStorage(account)) {
            return conclude(parent, Halt.ADDRESS_COLLISION, 0, NO_BYTES, 0, 0);
        }
        int mark = journal.checkpoint();
        journal.create(account);
        journal.markCreated(account);
        if (table.emptyRemoval()) {
            journal.setNonce(account, 1);
        }
        transfer(creator, account, request.value);
        Frame frame = open(parent, account, new Code(initCode, Hash.ZERO), mark);
        frame.isStatic = false;
        frame.input = NO_BYTES;
        frame.inputOffset = 0;
        frame.inputSize = 0;
        frame.caller = creator.address();
        System.arraycopy(request.value, 0, frame.value, 0, 4);
        return frame;
    }

    private static Hash salt(CallRequest request) {
        long[] salt = request.salt;
        return new Hash(salt[3], salt[2], salt[1], salt[0]);
    }

    // Ending

    private Frame finish(Frame frame, int halt) {
        Frame parent = frames.at(frame.depth - 1);
        int end = halt;
        boolean creation = frame.kind == Opcode.CREATE || frame.kind == Opcode.CREATE2;
        if (creation && Halt.isSuccess(halt)) {
            end = deposit(frame, halt);
        }
        if (Halt.isSuccess(end)) {
            if (creation) {
                return conclude(parent, end, frame.gas, frame.memory, frame.outputOffset, frame.outputSize, frame);
            }
            return conclude(parent, end, frame.gas, frame.memory, frame.outputOffset, frame.outputSize);
        }
        journal.revertTo(frame.mark);
        for (int i = 0; i < extensions.size(); i++) {
            extensions.get(i).revertTo(frame.extensionMarks[i]);
        }
        return end == Halt.REVERT
                ? conclude(parent, end, frame.gas, frame.memory, frame.outputOffset, frame.outputSize)
                : conclude(parent, end, 0, NO_BYTES, 0, 0);
    }

    /** Pays for and stores the code that init code returned. */
    private int deposit(Frame frame, int halt) {
        int size = frame.outputSize;
        if (size > table.codeLimit()) {
            return Halt.CODE_TOO_LARGE;
        }
        if (size > 0 && table.refusesEf() && (frame.memory[frame.outputOffset] & 0xff) == 0xef) {
            return Halt.INVALID_CODE_PREFIX;
        }
        long left = frame.gas - (long) DEPOSIT_GAS * size;
        if (left < 0) {
            if (table.depositMustBePaid()) {
                return Halt.OUT_OF_GAS;
            }
            frame.outputSize = 0;
            return halt;
        }
        frame.gas = left;
        if (size > 0) {
            journal.setCode(
                    frame.self(), Arrays.copyOfRange(frame.memory, frame.outputOffset, frame.outputOffset + size));
        }
        return halt;
    }

    /** Gives a successful creation's address to the creator. */
    private Frame conclude(Frame parent, int halt, long gasBack, byte[] output, int offset, int size, Frame creation) {
        conclude(parent, halt, gasBack, output, offset, size);
        Address address = creation.self().address();
        Words.set(parent.stack, parent.sp - 4, address.lo(), address.mid(), address.hi() & 0xffffffffL, 0);
        parent.returnSize = 0;
        return parent;
    }

    /** Hands the end of a call to the frame that asked for it. */
    private Frame conclude(Frame parent, int halt, long gasBack, byte[] output, int offset, int size) {
        CallRequest request = parent.request;
        if (tracer.tracesCalls()) {
            tracer.exit(new CallEnd(
                    parent.depth + 1,
                    halt,
                    request.gas - gasBack,
                    Bytes.wrap(Arrays.copyOfRange(output, offset, offset + size))));
        }
        if (parent.depth < 0) {
            outermostHalt = halt;
        }
        parent.gas += gasBack;
        parent.setReturnData(output, offset, size);
        int copied = Math.min(size, request.outputSize);
        if (copied > 0) {
            System.arraycopy(output, offset, parent.memory, request.outputOffset, copied);
        }
        Words.set(parent.stack, parent.sp, Halt.isSuccess(halt) ? 1 : 0);
        parent.sp += 4;
        return parent;
    }

    private void traceEnter(Frame parent, Address to) {
        CallRequest request = parent.request;
        long[] value = request.kind == Opcode.DELEGATECALL ? parent.value : request.value;
        tracer.enter(new CallStart(
                parent.depth + 1,
                request.kind,
                parent.self().address(),
                to,
                Wei.of(Limbs.toUInt256(value, 0)),
                request.gas,
                Bytes.wrap(Arrays.copyOfRange(
                        parent.memory, request.inputOffset, request.inputOffset + request.inputSize))));
    }

    // Contributed operations

    long extension(Frame frame, int op, long gas) {
        int set = table.extensionSet(op);
        view.bind(frame, gas, extensions.get(set));
        ExtensionOperation.Outcome outcome = table.extension(op).execute(view);
        return switch (outcome) {
            case CONTINUE -> view.gasLeft();
            case OUT_OF_GAS -> -Halt.OUT_OF_GAS;
            case EXCLUDE_TRANSACTION -> {
                excludedBy = set;
                yield -Halt.EXCLUDE_TRANSACTION;
            }
        };
    }
}
