import { onMounted, watch, type Ref, type ShallowRef } from 'vue';

/** Lets a text area grow with its text; its CSS sets the limits. */
export const useAutosize = (area: Readonly<ShallowRef<HTMLTextAreaElement | null>>, text: Ref<string>) => {
  const fit = () => {
    if (!area.value) return;
    area.value.style.height = 'auto';
    area.value.style.height = `${area.value.scrollHeight}px`;
  };
  onMounted(fit);
  watch(text, fit, { flush: 'post' });
};
