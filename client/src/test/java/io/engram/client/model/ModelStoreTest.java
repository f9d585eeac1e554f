package io.engram.client.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.engram.evm.LocalFaultException;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.config.InferenceConfig;
import io.engram.inference.MalformedModelException;
import io.engram.inference.model.Graph;
import io.engram.inference.model.GraphBuilder;
import io.engram.inference.model.GraphInput;
import io.engram.inference.model.Model;
import io.engram.inference.model.ModelWriter;
import io.engram.inference.model.Scale;
import io.engram.inference.operator.ArgMax;
import io.engram.inference.tensor.Shape;
import io.engram.inference.tensor.TensorType;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelStoreTest {

    @TempDir
    Path folder;

    private static byte[] file(int size) throws MalformedModelException {
        GraphBuilder builder = new GraphBuilder(Address.ZERO, 1);
        int input = builder.input(new GraphInput(TensorType.INT8, Shape.of(1, size), -128, 127, new Scale(1, 0), 0));
        builder.output(builder.node(new ArgMax(), input), new Scale(1, 0), 0);
        Graph graph = builder.build();
        return ModelWriter.write(graph);
    }

    private ModelStore store(long cacheBytes) throws IOException {
        return new ModelStore(folder.resolve("models"), InferenceConfig.Limits.DEFAULT, cacheBytes);
    }

    @Test
    void whatIsAddedCanBeLoadedByAnotherStore() throws Exception {
        Model added = store(1 << 20).add(file(5));
        ModelStore other = store(1 << 20);
        assertThat(other.contains(added.id())).isTrue();
        assertThat(other.list()).containsExactly(added.id());
        assertThat(other.load(added.id()).facts()).isEqualTo(added.facts());
        assertThat(other.load(added.id())).isSameAs(other.load(added.id()));
    }

    @Test
    void aMissingFileIsALocalFaultThatNamesModelAndFolder() throws Exception {
        ModelStore store = store(1 << 20);
        Hash unknown = new Hash(9, 9, 9, 9);
        assertThatThrownBy(() -> store.load(unknown))
                .isInstanceOf(LocalFaultException.class)
                .hasMessageContaining(unknown.toHex())
                .hasMessageContaining(folder.resolve("models").toString());
    }

    @Test
    void everyFlippedBitIsNoticed() throws Exception {
        byte[] file = file(5);
        Model model = store(1 << 20).add(file);
        ModelStore store = store(0);
        for (int bit = 0; bit < 8 * file.length; bit += 7) {
            byte[] damaged = file.clone();
            damaged[bit >> 3] ^= (byte) (1 << (bit & 7));
            Files.write(store.path(model.id()), damaged);
            assertThatThrownBy(() -> store.load(model.id())).isInstanceOf(LocalFaultException.class);
        }
    }

    @Test
    void everyTruncatedFileIsNoticed() throws Exception {
        byte[] file = file(5);
        Model model = store(1 << 20).add(file);
        ModelStore store = store(0);
        for (int length = 0; length < file.length; length += 9) {
            Files.write(store.path(model.id()), Arrays.copyOf(file, length));
            assertThatThrownBy(() -> store.load(model.id())).isInstanceOf(LocalFaultException.class);
        }
    }

    @Test
    void aMalformedFileLeavesNothingBehind() throws Exception {
        ModelStore store = store(1 << 20);
        assertThatThrownBy(() -> store.add(new byte[100])).isInstanceOf(MalformedModelException.class);
        try (Stream<Path> files = Files.list(folder.resolve("models"))) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void theCacheForgetsTheModelUsedLongestAgo() throws Exception {
        byte[] first = file(5);
        ModelStore store = store(first.length);
        WeakReference<Model> a = new WeakReference<>(store.add(first));
        Model b = store.add(file(6));
        for (int i = 0; i < 100 && a.get() != null; i++) {
            System.gc();
            Thread.sleep(10);
        }
        assertThat(a.get()).isNull();
        assertThat(store.load(b.id())).isSameAs(b);
    }

    @Test
    void aModelThatSomebodyHoldsIsNotReadAgain() throws Exception {
        byte[] first = file(5);
        ModelStore store = store(first.length);
        Model a = store.add(first);
        Model b = store.add(file(6));
        assertThat(store.load(a.id())).isSameAs(a);
        assertThat(store.load(b.id())).isSameAs(b);
    }

    @Test
    void otherFilesInTheFolderAreNotListed() throws Exception {
        ModelStore store = store(1 << 20);
        Files.writeString(folder.resolve("models").resolve("notes.txt"), "x");
        assertThat(store.list()).isEmpty();
    }
}
