import { nextTick, onBeforeUnmount, onBeforeUpdate, onMounted, onUpdated, ref, type ShallowRef } from 'vue';

const AT_END_PX = 48;

type Anchor = { key: string; top: number };

/**
 * A list that grows at both ends without moving under the reader: at its end it stays at the end, anywhere
 * else the row at the top stays where it is, whatever is inserted before it. Rows carry `data-row-key`.
 */
export const useScrollAnchor = (scroller: Readonly<ShallowRef<HTMLElement | null>>) => {
  const atEnd = ref(true);
  let anchor: Anchor | null = null;
  let observer: ResizeObserver | undefined;

  const toEnd = () => {
    const el = scroller.value;
    if (el) el.scrollTop = el.scrollHeight;
    atEnd.value = true;
  };

  const measure = () => {
    const el = scroller.value;
    if (el) atEnd.value = el.scrollHeight - el.scrollTop - el.clientHeight <= AT_END_PX;
  };

  const find = (key: string): HTMLElement | null =>
    scroller.value?.querySelector<HTMLElement>(`[data-row-key="${CSS.escape(key)}"]`) ?? null;

  const remember = () => {
    const el = scroller.value;
    if (!el || atEnd.value) return;
    const edge = el.getBoundingClientRect().top;
    const rows = el.querySelectorAll<HTMLElement>('[data-row-key]');
    const row = [...rows].find((candidate) => candidate.getBoundingClientRect().bottom > edge);
    const key = row?.dataset['rowKey'];
    anchor = row && key !== undefined ? { key, top: row.getBoundingClientRect().top } : null;
  };

  const hold = () => {
    const el = scroller.value;
    if (!el) return;
    if (atEnd.value) {
      toEnd();
      return;
    }
    const row = anchor && find(anchor.key);
    if (row && anchor) el.scrollTop += row.getBoundingClientRect().top - anchor.top;
    anchor = null;
  };

  onBeforeUpdate(remember);
  onUpdated(hold);
  onMounted(() => {
    void nextTick(toEnd);
    // A composer that grows or a phone's keyboard takes height from the list.
    observer = new ResizeObserver(() => atEnd.value && toEnd());
    if (scroller.value) observer.observe(scroller.value);
  });
  onBeforeUnmount(() => observer?.disconnect());

  return { atEnd, toEnd, measure, find };
};
