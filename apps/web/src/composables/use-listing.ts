import { onMounted, ref, type Ref } from 'vue';
import type { Page } from '#contracts';
import { useTask } from './use-task.js';

const MOST_PAGES = 10;
const PAGE = 200;

/** A list fetched whole, page by page, when its component appears; `reload` fetches it again. */
export const useListing = <T>(fetchPage: (query: { cursor?: string; limit: number }) => Promise<Page<T>>) => {
  const items = ref(null) as Ref<T[] | null>;
  const { error, run } = useTask();

  const reload = () =>
    run(async () => {
      const all: T[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < MOST_PAGES; page++) {
        const { data, nextCursor } = await fetchPage({
          limit: PAGE,
          ...(cursor === undefined ? {} : { cursor }),
        });
        all.push(...data);
        items.value = [...all];
        if (nextCursor === null) break;
        cursor = nextCursor;
      }
    });
  onMounted(reload);
  return { items, error, reload };
};
