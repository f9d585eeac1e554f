package io.engram.client.exchange;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.engram.client.model.RegistryDirectory;
import io.engram.client.model.RegistryStorage;
import io.engram.evm.BlockContext;
import io.engram.evm.interpreter.CodeCache;
import io.engram.evm.memory.MemoryState;
import io.engram.evm.precompile.Precompiles;
import io.engram.evm.state.Journal;
import io.engram.evm.tracer.Tracer;
import io.engram.evm.transaction.Call;
import io.engram.evm.transaction.TransactionOutcome;
import io.engram.evm.transaction.TransactionProcessor;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.block.Log;
import io.engram.genesis.config.DevGenesis;
import io.engram.genesis.config.GenesisAccount;
import io.engram.genesis.config.InferenceConfig;
import io.engram.genesis.config.InferencePredeploys;
import io.engram.genesis.crypto.Keccak256;
import io.engram.genesis.fork.Fork;
import io.engram.genesis.system.SystemContracts;
import io.engram.inference.opcode.ModelStatus;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * Bytes as calls of the registry by somebody who has no validator's key: the client reads whatever they leave, and no model
 * becomes callable. Each call is a byte that chooses the function, one that says how many words follow, and the words.
 */
class RegistryCallFuzzTest {

    private static final Address REGISTRY = SystemContracts.MODEL_REGISTRY;
    private static final Address SENDER = new Address(0, 0, 0xaa);
    private static final Address VALIDATOR = new Address(0, 0, 0xbb);
    private static final long BLOCK = 1_000;
    private static final int HEAD = 2;
    private static final int WORD = Hash.SIZE;
    private static final int MAX_CALLS = 8;
    private static final int MAX_WORDS = 63;
    private static final int MIN_FACTS = 4;
    private static final int MAX_FACTS = 18;
    private static final InferenceConfig CONFIG =
            DevGenesis.template().config().inference().orElseThrow();
    private static final GenesisAccount INSTALLED = Objects.requireNonNull(
            InferencePredeploys.accounts(CONFIG, List.of(VALIDATOR)).get(REGISTRY));
    private static final TransactionProcessor EVM = new TransactionProcessor(Precompiles::at, List.of());

    private static final List<Bytes> FUNCTIONS = Stream.of(
                    "announce(bytes32,address,uint16,bytes32[])",
                    "attest(bytes32,address,uint16,bytes32[],bytes[])",
                    "retire(bytes32)",
                    "makePermanent(bytes32)",
                    "setSuspended(bytes32,bool,bytes[])",
                    "setValidators(address[])",
                    "getModel(bytes32)",
                    "list(uint256,uint256)")
            .map(signature ->
                    Keccak256.hash(signature.getBytes(US_ASCII)).toBytes().slice(0, 4))
            .toList();

    @FuzzTest(maxDuration = "2m")
    void no_call_of_a_stranger_makes_a_model_callable(byte[] input) {
        MemoryState state = new MemoryState();
        state.put(REGISTRY, 1, Wei.ZERO, INSTALLED.code(), INSTALLED.storage());
        state.put(SENDER, 0, Wei.ofEther(1), Bytes.EMPTY, Map.of());
        Set<Hash> named = new HashSet<>();
        int from = 0;
        for (int calls = 0; calls < MAX_CALLS && from + HEAD <= input.length; calls++) {
            int length = Math.min((input[from + 1] & MAX_WORDS) * WORD, input.length - from - HEAD);
            Bytes arguments = Bytes.wrap(Arrays.copyOfRange(input, from + HEAD, from + HEAD + length));
            call(state, Bytes.concatenate(FUNCTIONS.get((input[from] & 0xff) % FUNCTIONS.size()), arguments));
            if (length >= WORD) {
                named.add(Hash.of(arguments.slice(0, WORD)));
            }
            from += HEAD + length;
        }
        RegistryStorage left = new RegistryStorage(state, REGISTRY);
        assertThat(left.validators()).containsExactly(VALIDATOR);
        assertThat(left.modelIds()).isEmpty();
        for (Hash model : named) {
            left.entry(model).ifPresent(entry -> {
                assertThat(RegistryDirectory.statusAt(entry, BLOCK + 1)).isEqualTo(ModelStatus.ANNOUNCED);
                assertThat(entry.suspended() || entry.permanent()).isFalse();
                assertThat(entry.facts()).hasSizeBetween(MIN_FACTS, MAX_FACTS);
            });
        }
    }

    private static void call(MemoryState state, Bytes data) {
        Journal journal = new Journal(state, new CodeCache(1 << 20));
        BlockContext block = new BlockContext(
                Fork.OSAKA,
                UInt256.valueOf(1_337),
                BLOCK,
                12_345,
                30_000_000,
                new Address(0, 0, 0xcb),
                UInt256.ZERO,
                Wei.of(7),
                Wei.of(1),
                number -> Hash.ZERO);
        TransactionOutcome outcome = EVM.call(
                Call.of(SENDER, Optional.of(REGISTRY), price(data), data, 5_000_000), block, journal, Tracer.NONE);
        if (outcome instanceof TransactionOutcome.Executed executed && executed.succeeded()) {
            state.apply(journal.changes());
            executed.logs().forEach(log -> requireAsStored(state, log));
        }
    }

    /** What an announcement has to pay, so that no fuzzer needs to find it out. */
    private static Wei price(Bytes data) {
        int facts = 4 + 5 * WORD;
        boolean announces = data.slice(0, 4).equals(FUNCTIONS.getFirst()) && data.size() >= facts + WORD;
        long bytes = announces ? data.slice(facts, Long.BYTES).toLong() & 0xffff : 0;
        return CONFIG.pricePerByte().times(bytes);
    }

    private static void requireAsStored(MemoryState state, Log log) {
        Announcement.of(log).ifPresent(announced -> {
            RegistryStorage.Entry entry = new RegistryStorage(state, REGISTRY)
                    .entry(announced.modelId())
                    .orElseThrow();
            assertThat(announced.author()).isEqualTo(entry.author());
            assertThat(announced.royalty()).isEqualTo(entry.royalty());
            assertThat(announced.facts()).isEqualTo(entry.facts());
            assertThat(announced.expiresAt()).isEqualTo(entry.expiresAt());
        });
    }
}
