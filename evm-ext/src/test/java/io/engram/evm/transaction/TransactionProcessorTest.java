package io.engram.evm.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.engram.evm.LocalFaultException;
import io.engram.evm.extension.Credit;
import io.engram.evm.extension.ExtensionFrame;
import io.engram.evm.extension.ExtensionOperation;
import io.engram.evm.extension.OperationSet;
import io.engram.evm.extension.TransactionExtension;
import io.engram.evm.extension.TransactionScope;
import io.engram.evm.fixture.Assembler;
import io.engram.evm.fixture.World;
import io.engram.evm.interpreter.CallResult;
import io.engram.evm.interpreter.ContractAddress;
import io.engram.evm.interpreter.HaltReason;
import io.engram.evm.operation.Opcode;
import io.engram.evm.state.StateChanges;
import io.engram.evm.tracer.Tracer;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.crypto.Keccak256;
import io.engram.genesis.crypto.KeyPair;
import io.engram.genesis.crypto.Signature;
import io.engram.genesis.fork.Fork;
import io.engram.genesis.transaction.AccessListEntry;
import io.engram.genesis.transaction.Authorization;
import io.engram.genesis.transaction.Transaction;
import io.engram.genesis.transaction.TransactionType;
import io.engram.genesis.transaction.UnsignedTransaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;
import org.junit.jupiter.api.Test;

class TransactionProcessorTest {

    private static final Signature NO_SIGNATURE = new Signature(Hash.ZERO, Hash.ZERO, 0);

    private static Transaction transfer(
            TransactionType type, Function<UnsignedTransaction.Builder, UnsignedTransaction.Builder> change) {
        UnsignedTransaction.Builder builder =
                UnsignedTransaction.of(type).gasLimit(100_000).to(World.OTHER).value(Wei.of(5));
        if (type != TransactionType.LEGACY) {
            builder.chainId(1);
        }
        builder = type.hasFeeMarket() ? builder.fees(Wei.of(20), Wei.of(2)) : builder.gasPrice(Wei.of(10));
        return change.apply(builder).build().withSignature(NO_SIGNATURE);
    }

    private static TransactionError rejection(World world, Transaction transaction, BlockRoom room) {
        TransactionOutcome outcome =
                world.processor().process(transaction, World.SENDER, world.block, room, world.journal(), Tracer.NONE);
        assertThat(world.journal().changes()).isEqualTo(StateChanges.NONE);
        if (outcome instanceof TransactionOutcome.Rejected rejected) {
            assertThat(rejected.detail()).isNotEmpty();
            return rejected.reason();
        }
        throw new AssertionError(outcome.toString());
    }

    private static TransactionError rejection(
            Fork fork,
            TransactionType type,
            Function<UnsignedTransaction.Builder, UnsignedTransaction.Builder> change) {
        return rejection(new World(fork), transfer(type, change), new BlockRoom(30_000_000, 9 << 17));
    }

    @Test
    void a_transfer_moves_value_and_pays_base_fee_and_tip() {
        World world = new World(Fork.LONDON);
        TransactionOutcome.Executed outcome =
                World.executed(world.process(transfer(TransactionType.FEE_MARKET, b -> b)));

        assertThat(outcome.succeeded()).isTrue();
        assertThat(outcome.gasUsed()).isEqualTo(21000);
        assertThat(outcome.effectiveGasPrice()).isEqualTo(Wei.of(9));
        assertThat(world.journal().account(World.OTHER).orElseThrow().balance()).isEqualTo(Wei.of(5));
        assertThat(world.journal().account(World.COINBASE).orElseThrow().balance())
                .isEqualTo(Wei.of(2 * 21000));
        assertThat(world.journal().account(World.SENDER).orElseThrow().balance())
                .isEqualTo(Wei.ofEther(10).minus(Wei.of(5 + 9 * 21000)));
        assertThat(world.journal().account(World.SENDER).orElseThrow().nonce()).isEqualTo(1);
    }

    @Test
    void each_rule_has_its_rejection() {
        TransactionType legacy = TransactionType.LEGACY;
        TransactionType market = TransactionType.FEE_MARKET;
        assertThat(rejection(Fork.ISTANBUL, TransactionType.ACCESS_LIST, b -> b))
                .isEqualTo(TransactionError.TYPE_NOT_SUPPORTED);
        assertThat(rejection(Fork.BERLIN, market, b -> b)).isEqualTo(TransactionError.TYPE_NOT_SUPPORTED);
        assertThat(rejection(Fork.HOMESTEAD, legacy, b -> b.chainId(1))).isEqualTo(TransactionError.TYPE_NOT_SUPPORTED);
        assertThat(rejection(Fork.OSAKA, legacy, b -> b.chainId(2))).isEqualTo(TransactionError.CHAIN_ID_MISMATCH);
        assertThat(rejection(Fork.OSAKA, legacy, b -> b.nonce(1))).isEqualTo(TransactionError.NONCE_TOO_HIGH);
        assertThat(rejection(Fork.OSAKA, legacy, b -> b.value(Wei.ofEther(10))))
                .isEqualTo(TransactionError.INSUFFICIENT_FUNDS);
        assertThat(rejection(Fork.OSAKA, legacy, b -> b.gasLimit(20_999)))
                .isEqualTo(TransactionError.INTRINSIC_GAS_TOO_LOW);
        assertThat(rejection(
                        Fork.OSAKA,
                        legacy,
                        b -> b.data(Bytes.repeat((byte) 1, 1000)).gasLimit(60_000)))
                .isEqualTo(TransactionError.FLOOR_GAS_TOO_LOW);
        assertThat(rejection(Fork.OSAKA, legacy, b -> b.gasLimit(30_000_001)))
                .isEqualTo(TransactionError.BLOCK_GAS_EXCEEDED);
        assertThat(rejection(Fork.OSAKA, legacy, b -> b.gasLimit((1 << 24) + 1)))
                .isEqualTo(TransactionError.GAS_LIMIT_TOO_HIGH);
        assertThat(rejection(Fork.LONDON, legacy, b -> b.gasPrice(Wei.of(6))))
                .isEqualTo(TransactionError.FEE_BELOW_BASE_FEE);
        assertThat(rejection(Fork.LONDON, market, b -> b.fees(Wei.of(10), Wei.of(11))))
                .isEqualTo(TransactionError.PRIORITY_FEE_ABOVE_MAX_FEE);
        assertThat(rejection(Fork.PRAGUE, TransactionType.SET_CODE, b -> b))
                .isEqualTo(TransactionError.NO_AUTHORIZATIONS);
        Hash blob = new Hash(1L << 56, 0, 0, 1);
        assertThat(rejection(Fork.OSAKA, TransactionType.BLOB, b -> b.blobs(Wei.of(3), List.of())))
                .isEqualTo(TransactionError.NO_BLOBS);
        assertThat(rejection(
                        Fork.OSAKA,
                        TransactionType.BLOB,
                        b -> b.blobs(Wei.of(3), List.of(blob, blob, blob, blob, blob, blob, blob))))
                .isEqualTo(TransactionError.TOO_MANY_BLOBS);
        assertThat(rejection(Fork.OSAKA, TransactionType.BLOB, b -> b.blobs(Wei.of(3), List.of(Hash.ZERO))))
                .isEqualTo(TransactionError.BLOB_VERSION);
        assertThat(rejection(Fork.OSAKA, TransactionType.BLOB, b -> b.blobs(Wei.of(2), List.of(blob))))
                .isEqualTo(TransactionError.BLOB_FEE_TOO_LOW);
    }

    @Test
    void a_sender_with_code_is_rejected_unless_it_delegates() {
        World world = new World(Fork.OSAKA);
        world.state.put(World.SENDER, 0, Wei.ofEther(1), Bytes.of(0), Map.of());
        Transaction transaction = transfer(TransactionType.LEGACY, b -> b);
        assertThat(rejection(world, transaction, BlockRoom.UNLIMITED)).isEqualTo(TransactionError.SENDER_NOT_EOA);
        World delegating = new World(Fork.OSAKA);
        delegating.state.put(
                World.SENDER,
                0,
                Wei.ofEther(1),
                Bytes.concatenate(Bytes.fromHexString("0xef0100"), World.OTHER.toBytes()),
                Map.of());
        assertThat(World.executed(delegating.process(transaction)).succeeded()).isTrue();
    }

    @Test
    void init_code_over_the_limit_is_rejected() {
        World world = new World(Fork.SHANGHAI);
        Transaction transaction = UnsignedTransaction.of(TransactionType.LEGACY)
                .gasLimit(2_000_000)
                .gasPrice(Wei.of(10))
                .data(Bytes.wrap(new byte[49153]))
                .build()
                .withSignature(NO_SIGNATURE);
        assertThat(rejection(world, transaction, BlockRoom.UNLIMITED)).isEqualTo(TransactionError.INIT_CODE_TOO_LARGE);
    }

    @Test
    void a_creation_deploys_code_at_the_address_of_sender_and_nonce() {
        World world = new World(Fork.OSAKA);
        Bytes init = new Assembler()
                .push(0x60)
                .push(0)
                .op(0x53)
                .push(1)
                .push(0)
                .op(Opcode.RETURN)
                .build();
        Transaction transaction = UnsignedTransaction.of(TransactionType.LEGACY)
                .gasLimit(200_000)
                .gasPrice(Wei.of(10))
                .data(init)
                .build()
                .withSignature(NO_SIGNATURE);
        TransactionOutcome.Executed outcome = World.executed(world.process(transaction));

        Address created = ContractAddress.of(World.SENDER, 0);
        assertThat(outcome.created()).contains(created);
        assertThat(world.journal().code(created)).isEqualTo(Bytes.of(0x60));
        assertThat(world.journal().account(created).orElseThrow().nonce()).isEqualTo(1);
        assertThat(world.journal().changes().code()).hasSize(1);
    }

    @Test
    void known_contract_addresses_are_derived() {
        Address creator = Address.fromHex("0x6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0");
        assertThat(ContractAddress.of(creator, 0))
                .isEqualTo(Address.fromHex("0xcd234a471b72ba2f1ccf0a70fcaba648a5eecd8d"));
        assertThat(ContractAddress.of(creator, 1))
                .isEqualTo(Address.fromHex("0x343c43a37d37dff08ae8c4a11544c718abb4fcf8"));
        // EIP-1014, example 1
        assertThat(ContractAddress.of(Address.ZERO, Hash.ZERO, Keccak256.hash(new byte[] {0})))
                .isEqualTo(Address.fromHex("0x4d1a2e2bb4f88f0250f26ffff098b0b30b26bf38"));
    }

    @Test
    void a_reverted_transaction_pays_but_leaves_nothing_else() {
        World world = new World(Fork.OSAKA)
                .contract(new Assembler()
                        .push(1)
                        .push(1)
                        .op(Opcode.SSTORE)
                        .push(0)
                        .push(0)
                        .op(Opcode.LOG0)
                        .store(0, Bytes.fromHexString("0x0badc0de"))
                        .push(4)
                        .push(0)
                        .op(Opcode.REVERT)
                        .build());
        TransactionOutcome.Executed outcome =
                World.executed(world.process(transfer(TransactionType.LEGACY, b -> b.to(World.CONTRACT))));

        assertThat(outcome.succeeded()).isFalse();
        assertThat(outcome.halt()).contains(HaltReason.REVERT);
        assertThat(outcome.output()).isEqualTo(Bytes.fromHexString("0x0badc0de"));
        assertThat(outcome.logs()).isEmpty();
        assertThat(world.journal().storage(World.CONTRACT, UInt256.ONE)).isEqualTo(UInt256.ZERO);
        assertThat(world.journal().account(World.CONTRACT).orElseThrow().balance())
                .isEqualTo(Wei.ZERO);
        assertThat(world.journal().account(World.COINBASE).orElseThrow().balance())
                .isEqualTo(Wei.of(3 * outcome.gasUsed()));
    }

    @Test
    void an_access_list_is_paid_for_and_warms() {
        World world = new World(Fork.BERLIN)
                .contract(new Assembler().push(1).op(Opcode.SLOAD).build());
        AccessListEntry entry = new AccessListEntry(World.CONTRACT, List.of(new Hash(0, 0, 0, 1)));
        TransactionOutcome.Executed outcome = World.executed(world.process(
                transfer(TransactionType.ACCESS_LIST, b -> b.to(World.CONTRACT).accessList(List.of(entry)))));
        assertThat(outcome.gasUsed()).isEqualTo(21000 + 2400 + 1900 + 3 + 100);
    }

    @Test
    void an_authorization_delegates_the_account_that_signed_it() {
        KeyPair keys = KeyPair.of(new Hash(0, 0, 0, 7));
        Address authority = Address.ofPublicKey(keys.publicKey());
        World world = new World(Fork.PRAGUE)
                .contract(new Assembler().push(1).push(1).op(Opcode.SSTORE).build());
        Authorization good = Authorization.sign(UInt256.ONE, World.CONTRACT, 0, keys);
        Authorization otherChain = Authorization.sign(UInt256.valueOf(2), World.OTHER, 1, keys);
        Authorization badNonce = Authorization.sign(UInt256.ZERO, World.OTHER, 5, keys);
        TransactionOutcome.Executed outcome = World.executed(world.process(transfer(
                TransactionType.SET_CODE,
                b -> b.to(authority).gasLimit(500_000).authorizations(List.of(good, otherChain, badNonce)))));

        assertThat(outcome.succeeded()).isTrue();
        assertThat(world.journal().code(authority))
                .isEqualTo(Bytes.concatenate(Bytes.fromHexString("0xef0100"), World.CONTRACT.toBytes()));
        assertThat(world.journal().account(authority).orElseThrow().nonce()).isEqualTo(1);
        assertThat(world.journal().storage(authority, UInt256.ONE)).isEqualTo(UInt256.ONE);
        assertThat(outcome.gasUsed()).isEqualTo(21000 + 3 * 25000 + 6 + 22100);
    }

    @Test
    void a_blob_transaction_pays_for_its_blobs() {
        World world = new World(Fork.CANCUN);
        Hash blob = new Hash(1L << 56, 0, 0, 1);
        TransactionOutcome.Executed outcome = World.executed(world.process(
                transfer(TransactionType.BLOB, b -> b.blobs(Wei.of(8), List.of(blob, blob)))));
        assertThat(outcome.blobGasUsed()).isEqualTo(2 << 17);
        assertThat(world.journal().account(World.SENDER).orElseThrow().balance())
                .isEqualTo(Wei.ofEther(10).minus(Wei.of(5 + 9 * 21000 + 3 * (2 << 17))));
    }

    @Test
    void a_system_call_costs_nobody_anything_and_raises_no_nonce() {
        World world = new World(Fork.OSAKA)
                .contract(new Assembler()
                        .op(Opcode.CALLER)
                        .push(0)
                        .op(Opcode.SSTORE)
                        .push(0)
                        .op(Opcode.CALLDATALOAD)
                        .push(1)
                        .op(Opcode.SSTORE)
                        .build());
        CallResult result = world.processor()
                .systemCall(World.CONTRACT, UInt256.valueOf(42).toBytes(), world.block, world.journal(), Tracer.NONE);
        assertThat(result.succeeded()).isTrue();
        assertThat(world.journal().storage(World.CONTRACT, UInt256.ONE)).isEqualTo(UInt256.valueOf(42));
        assertThat(world.journal().storage(World.CONTRACT, UInt256.ZERO))
                .isEqualTo(UInt256.fromBytes(TransactionProcessor.SYSTEM.toBytes()));
        assertThat(world.journal().account(TransactionProcessor.SYSTEM)).isEmpty();
        assertThat(world.journal().changes().accounts()).containsOnlyKeys(World.CONTRACT);
    }

    // Extensions

    /** Opcode 0xc0: takes a word, charges 100, returns word + 1 and a storage slot, and keeps a journaled count. */
    private static final class Counter implements OperationSet, ExtensionOperation, TransactionExtension {

        private final List<Long> calls = new ArrayList<>();
        private Outcome outcome = Outcome.CONTINUE;
        private boolean faulty;

        @Override
        public String id() {
            return "counter";
        }

        @Override
        public List<ExtensionOperation> operations() {
            return List.of(this);
        }

        @Override
        public TransactionExtension begin(TransactionScope scope) {
            assertThat(scope.kind()).isEqualTo(TransactionScope.Kind.TRANSACTION);
            calls.clear();
            return this;
        }

        @Override
        public int opcode() {
            return 0xc0;
        }

        @Override
        public String mnemonic() {
            return "COUNT";
        }

        @Override
        public int stackIn() {
            return 1;
        }

        @Override
        public int stackOut() {
            return 1;
        }

        @Override
        public Outcome execute(ExtensionFrame frame) {
            if (faulty) {
                throw new LocalFaultException("device lost");
            }
            assertThat(frame.transaction()).isSameAs(this);
            assertThat(frame.self()).isEqualTo(World.CONTRACT);
            long word = frame.popLong();
            if (!frame.chargeGas(100) || !frame.expandMemory(0, 32)) {
                return Outcome.OUT_OF_GAS;
            }
            frame.writeMemory(0, new byte[] {1, 2, 3}, 3);
            assertThat(frame.readMemory(1, 2)).containsExactly(2, 3);
            UInt256 stored = frame.loadStorage(UInt256.valueOf(9)).orElseThrow();
            frame.setReturnData(new byte[] {7});
            calls.add(word);
            frame.push(word + 1 + stored.toLong());
            return outcome;
        }

        @Override
        public int checkpoint() {
            return calls.size();
        }

        @Override
        public void revertTo(int mark) {
            while (calls.size() > mark) {
                calls.removeLast();
            }
        }

        @Override
        public List<Credit> settle(long gasUsed, Wei baseFee) {
            return List.of(new Credit(World.OTHER, Wei.of(gasUsed)));
        }

        @Override
        public String exclusionReason() {
            return "not in this block";
        }
    }

    private static final Bytes COUNT = new Assembler()
            .push(41)
            .op(0xc0)
            .push(0)
            .op(Opcode.SSTORE, Opcode.RETURNDATASIZE)
            .push(1)
            .op(Opcode.SSTORE)
            .build();

    private static final Transaction CALL = transfer(TransactionType.LEGACY, b -> b.to(World.CONTRACT));

    @Test
    void a_contributed_operation_reads_and_writes_its_frame() {
        Counter counter = new Counter();
        World world = new World(Fork.OSAKA, counter).contract(COUNT);
        TransactionOutcome.Executed outcome = World.executed(world.process(CALL));

        assertThat(outcome.succeeded()).isTrue();
        assertThat(outcome.gasUsed()).isEqualTo(21000 + 3 + 100 + 3 + 2100 + 3 + 22100 + 2 + 3 + 22100);
        assertThat(outcome.extensions()).containsExactly(counter);
        assertThat(world.journal().storage(World.CONTRACT, UInt256.ZERO)).isEqualTo(UInt256.valueOf(42));
        assertThat(world.journal().storage(World.CONTRACT, UInt256.ONE)).isEqualTo(UInt256.ONE);
        assertThat(world.journal().account(World.OTHER).orElseThrow().balance()).isEqualTo(Wei.of(outcome.gasUsed()));
        assertThat(counter.calls).containsExactly(41L);
    }

    @Test
    void a_reverted_frame_reverts_the_extension_too() {
        Counter counter = new Counter();
        World world = new World(Fork.OSAKA, counter)
                .contract(new Assembler()
                        .push(41)
                        .op(0xc0, Opcode.PUSH0, Opcode.PUSH0, Opcode.REVERT)
                        .build());
        assertThat(World.executed(world.process(CALL)).succeeded()).isFalse();
        assertThat(counter.calls).isEmpty();
    }

    @Test
    void an_excluded_transaction_leaves_no_trace() {
        Counter counter = new Counter();
        counter.outcome = ExtensionOperation.Outcome.EXCLUDE_TRANSACTION;
        World world = new World(Fork.OSAKA, counter).contract(COUNT);
        assertThat(world.process(CALL)).isEqualTo(new TransactionOutcome.Excluded("not in this block"));
        assertThat(world.journal().account(World.SENDER).orElseThrow())
                .isEqualTo(world.state.account(World.SENDER).orElseThrow());
        assertThat(world.journal().account(World.COINBASE)).isEmpty();
        counter.outcome = ExtensionOperation.Outcome.CONTINUE;
        assertThat(World.executed(world.process(CALL)).succeeded()).isTrue();
    }

    @Test
    void a_local_fault_passes_through_and_leaves_no_trace() {
        Counter counter = new Counter();
        counter.faulty = true;
        World world = new World(Fork.OSAKA, counter).contract(COUNT);
        assertThatThrownBy(() -> world.process(CALL)).isInstanceOf(LocalFaultException.class);
        assertThat(world.journal().account(World.SENDER)).isEqualTo(world.state.account(World.SENDER));
        assertThat(world.journal().account(World.COINBASE)).isEmpty();
    }

    @Test
    void an_operation_that_runs_out_of_gas_halts_its_frame() {
        Counter counter = new Counter();
        counter.outcome = ExtensionOperation.Outcome.OUT_OF_GAS;
        World world = new World(Fork.OSAKA, counter).contract(COUNT);
        TransactionOutcome.Executed outcome = World.executed(world.process(CALL));
        assertThat(outcome.halt()).isEqualTo(Optional.of(HaltReason.OUT_OF_GAS));
        assertThat(outcome.gasUsed()).isEqualTo(100_000);
    }

    /** Limits of 2^63 and more can be signed; a sender who could pay for them must not get in either. */
    @Test
    void no_block_has_room_for_a_gas_limit_of_2_to_the_63_and_more() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        List<Fork> forks = List.of(Fork.values());
        for (int i = 0; i < 500; i++) {
            Fork fork = forks.get(random.nextInt(forks.size()));
            World world = new World(fork);
            world.state.put(World.SENDER, 0, Wei.of(UInt256.MAX_VALUE), Bytes.EMPTY, Map.of());
            long limit = random.nextInt(4) == 0 ? Long.MIN_VALUE + i : random.nextLong() | Long.MIN_VALUE;
            BlockRoom room = random.nextBoolean() ? BlockRoom.UNLIMITED : new BlockRoom(random.nextInt(1 << 30), 0);
            assertThat(rejection(world, transfer(TransactionType.LEGACY, tx -> tx.gasLimit(limit)), room))
                    .as("seed %d, case %d", seed, i)
                    .isEqualTo(TransactionError.BLOCK_GAS_EXCEEDED);
        }
    }
}
